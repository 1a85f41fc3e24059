"""What is held and can still be undone: the bar on every page, its page, and what its keys do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import settling
from bookingapp.domain import undo as undoing
from bookingapp.domain.holding import held_by
from bookingapp.domain.models import Write
from bookingapp.web import held as holding
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import change_words
from bookingapp.web.presenters.sentences import Told
from bookingapp.web.views import settled, write_facts

BAR, PAGE = "undo/bar.html", "undo/page.html"
MOST_FOLLOWED = 20
ACTIONS = {"pause": undoing.pause, "go_on": undoing.go_on}


@require_safe
@desk_view("staff")
def held(request: StaffRequest) -> HttpResponseBase:
    """What this person can still undo here; the bar also says what became of ``follow``."""
    if htmx.wants_part(request):
        return bar(request, follow=_followed(request))
    mine = holding.newest_first(request.user, request.organisation)
    rows = [holding.row(write) for write in mine]
    response = render(request, PAGE, {"rows": rows})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@desk_view("staff")
def undo(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Nothing was sent, and nothing will be; or it is too late, and what can be done instead."""
    write = _found(request, pk)
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    try:
        undoing.undo(write, person=request.user, now=timezone.now())
    except settling.AlreadySettled:
        return _too_late(request, _found(request, pk))
    return _answer(request, write, change_words.UNDONE, kind="good")


@require_POST
@desk_view("staff")
def hold(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The clock stops while somebody looks (``pause``) and runs on afterwards (``go_on``)."""
    write = _found(request, pk)
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return HttpResponse(status=422)
    try:
        write = act(write, person=request.user, now=timezone.now())
    except settling.AlreadySettled:
        return HttpResponse(status=409)
    settled.wake_held(write)
    told = {"due_at": write.due_at, "rest_seconds": write.result.get("rest_seconds")}
    return JsonResponse(told)


def bar(request: HttpRequest, *, follow: list[Write] | None = None) -> HttpResponse:
    """The bar as a part; what is followed and not held any more says how it goes."""
    response = render(request, BAR, bar_context(request, follow=follow))
    patch_vary_headers(response, ["HX-Request"])
    return response


def bar_context(request: HttpRequest, *, follow: list[Write] | None = None) -> dict[str, Any]:
    staff: Any = request
    mine = holding.newest_first(staff.user, staff.organisation)
    known = {write.pk for write in mine}
    rows = [holding.row(write) for write in mine[: holding.MOST_SHOWN]]
    rows += [holding.row(write) for write in follow or () if write.pk not in known]
    more = max(len(mine) - holding.MOST_SHOWN, 0)
    return {"rows": rows, "more": more, "slug": staff.organisation.slug}


def _followed(request: StaffRequest) -> list[Write]:
    """Of the person's own writes those that the page has in its bar."""
    texts = request.GET.get("follow", "")[:1000].split(",")[:MOST_FOLLOWED]
    wanted = [pk for pk in map(_uuid, texts) if pk]
    if not wanted:
        return []
    mine = Write.objects.filter(held_by(request.user), organisation=request.organisation)
    found = mine.filter(pk__in=wanted).select_related("organisation", "lead", "about")
    # What was undone has said so already.
    return [write for write in found.order_by("created_at") if write.state != "undone"]


def _too_late(request: StaffRequest, write: Write) -> HttpResponse:
    told = change_words.TOO_LATE_CANCEL if write.kind == "cancel" else change_words.TOO_LATE
    return _answer(request, write, told, kind="warning", status=409)


def _answer(
    request: StaffRequest, write: Write, told: Told, *, kind: str, status: int = 200
) -> HttpResponse:
    text = f"{told.happened} {told.can}".strip()
    if not htmx.wants_part(request):
        level = messages.SUCCESS if kind == "good" else messages.WARNING
        messages.add_message(request, level, text)
        return redirect(settled.came_from(request, instead=write_facts.url(write) or "held"))
    response = bar(request, follow=[write] if status != 200 else [])
    response.status_code = status
    return htmx.trigger(htmx.toast(response, text, kind), "desk:undone", {})


def _found(request: StaffRequest, pk: UUID) -> Write:
    write = settling.find(request.organisation, pk)
    if write is None:
        raise Http404
    return write


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
