"""What follows a decision: who is woken, who may decide, and the way back without a script."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from bookingapp.domain import access, settling
from bookingapp.domain.models import Write
from bookingapp.domain.states import State
from bookingapp.tasks.writes import wake_write
from bookingapp.web import drafts, htmx
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters.sentences import Told
from bookingapp.web.views import write_facts


def wake_first(write: Write) -> None:
    """Of a booking and the creation of its lead, the one that is due."""
    first = write.after if write.state == State.WAITING and write.after else write
    wake_write(first.pk)


def wake_held(write: Write) -> None:
    """Once its undo window is over. A worker that comes too early finds that it is not due."""
    due_at = write.due_at or timezone.now()
    wake_write(write.pk, seconds=max((due_at - timezone.now()).total_seconds(), 0.0))


def wake_all(freed: Iterable[UUID]) -> None:
    for pk in freed:
        wake_write(pk)


def close_replaced(request: StaffRequest, new: Write) -> None:
    """The write that waited for a choice, now that the same lead got another time instead."""
    pk = drafts.instead_of(request)
    old = settling.find(request.organisation, pk) if pk else None
    # Only while it still asks: one that was chosen for meanwhile may be on its way.
    if old is None or old.state != State.ASKING or old.lead_id != new.lead_id:
        return
    if not settling.may_settle(old, request.membership, request.user):
        return
    try:
        wake_all(settling.give_up(old, person=request.user, now=timezone.now()))
    except settling.AlreadySettled:
        return


def not_yours(request: StaffRequest) -> HttpResponse:
    """403, naming who can."""
    context = {"people": access.managers_of(request.organisation)}
    return htmx.render_part(request, "needs_you/not-yours.html", "message", context, status=403)


def back(request: StaffRequest, write: Write, note: Told | None) -> HttpResponse:
    """After a plain form: to where it came from, with the note on the next page."""
    if note and note.happened:
        messages.info(request, f"{note.happened} {note.can}".strip())
    page = write_facts.url(write)
    if request.POST.get("next") == "needs-you" or not page:
        return redirect("needs-you")
    return redirect(page)


def came_from(request: StaffRequest, *, instead: str) -> str:
    """The page of ours that had the form; else ``instead``, an address or the name of one."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        return page
    if "/" in instead:
        return instead
    return reverse(instead, kwargs={"slug": request.organisation.slug})
