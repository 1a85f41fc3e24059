""" "Needs you": the one place where trouble waits, and what a person decides there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import needs_you, settling
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Write
from bookingapp.web import htmx
from bookingapp.web.forms.settlement import SettlementForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import sentences
from bookingapp.web.views import settled, trouble
from bookingapp.web.views.panel import PANEL_MODULES

PAGE = "needs_you/page.html"
MOST = 100


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """Every open item of the person, over all organisations; where they manage, everybody's."""
    found = list(needs_you.writes(request.user)[: MOST + 1])
    cards = [trouble.card(write) for write in found[:MOST]]
    context = {"cards": cards, "more": len(found) > MOST, "modules": PANEL_MODULES}
    return render(request, PAGE, context)


@require_POST
@desk_view("staff")
def settlement(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What is true about a write: it is there, it is not, close it, or seen."""
    write = settling.find(request.organisation, pk)
    if write is None:
        raise Http404
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    form = SettlementForm(request.POST)
    if not form.is_valid():
        return _answer(request, write, error=str(sentences.field("unreadable")), status=422)
    try:
        _settle(request, write, form.cleaned_data)
    except settling.AlreadySettled:
        return _answer(request, write, note=sentences.PANEL["already_settled"])
    except Invalid as error:
        code = next(iter(error.fields.values()))
        return _answer(request, write, error=str(sentences.field(code)), status=422)
    return _answer(request, write, note=sentences.PANEL["settled"])


def _settle(request: StaffRequest, write: Write, given: dict[str, Any]) -> None:
    who, now, action = request.user, timezone.now(), given["action"]
    if action in {"present", "absent"} and given["version"] not in {None, write.version}:
        raise settling.AlreadySettled
    if action == "present":
        told = given["connect_id"].strip()
        settled.wake_all(settling.is_there(write, connect_id=told, person=who, now=now))
    elif action == "absent":
        settled.wake_all(settling.is_not_there(write, person=who, now=now))
    elif action == "close":
        settled.wake_all(settling.give_up(write, person=who, now=now))
    else:
        settling.seen(write, now=now)


def _answer(
    request: StaffRequest,
    write: Write,
    *,
    note: sentences.Told | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    fresh = settling.find(request.organisation, write.pk)
    if fresh is None:
        raise Http404
    if not htmx.wants_part(request) and not error:
        return settled.back(request, fresh, note)
    card = trouble.card(fresh)
    context = {
        "cards": [card],
        "card": card,
        "note": note,
        "error": error,
        "modules": PANEL_MODULES,
    }
    part = "card" if error else "noted"
    return htmx.render_part(request, PAGE, part, context, status=status)
