"""A move that was not accepted: the panel again, and a grid that is true."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from bookingapp.domain import catalogue
from bookingapp.domain.models import Write
from bookingapp.web import htmx
from bookingapp.web.forms.moving import MoveForm
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import availability_state, moving, moving_words
from bookingapp.web.presenters.sentences import Told
from bookingapp.web.views import moving_panel
from bookingapp.web.views.availability_context import context_of, panel_of, panel_state
from bookingapp.web.views.availability_desk import Desk
from bookingapp.web.views.moving_status import asked_for

PAGE = "availability/page.html"
UNREADABLE, CONFLICT = 422, 409


def invalid(request: StaffRequest, pk: UUID, form: MoveForm) -> HttpResponse:
    """Something can be mended."""
    said = " ".join(str(text) for texts in form.errors.values() for text in texts)
    told = moving_words.REFUSALS["invalid"]
    refusal = Told(said or told.happened, told.ahead)
    return _again(request, pk, form, status=UNREADABLE, refusal=refusal)


def slot_gone(request: StaffRequest, pk: UUID, form: MoveForm) -> HttpResponse:
    """The time is not offered any more, or nobody can say whether it is."""
    desk = _desk(request, pk, again=True)
    unread = desk.reading is None or desk.reading.as_of is None
    refusal = moving_words.REFUSALS["unread" if unread else "slot_gone"]
    return _again(request, pk, form, desk=desk, status=CONFLICT, refusal=refusal)


def obstacle(request: StaffRequest, pk: UUID) -> HttpResponse:
    """It is gone, or somebody is changing it: the panel says so by itself."""
    # Should it have gone out of the way by now, nothing was sent all the same.
    return _again(request, pk, None, status=CONFLICT, refusal=moving_words.REFUSALS["invalid"])


def intent_reused(request: StaffRequest, pk: UUID, write: Write) -> HttpResponse:
    """A page from the history was sent again with something else in it."""
    told = moving_words.REFUSALS["intent_reused"]
    what = moving.what_of(write)
    refusal = Told(str(told.happened).format(what=what), told.ahead)
    return _again(request, pk, None, status=CONFLICT, refusal=refusal)


def _again(
    request: StaffRequest,
    pk: UUID,
    form: MoveForm | None,
    *,
    status: int,
    desk: Desk | None = None,
    **more: Any,
) -> HttpResponse:
    desk = desk or _desk(request, pk)
    desk.draw()
    context = context_of(request, desk) | more | _panel(request, desk, form, more)
    if not htmx.wants_part(request):
        return render(request, PAGE, context, status=status)
    response = render(request, "bookings/refused.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _panel(
    request: StaffRequest, desk: Desk, form: MoveForm | None, more: dict[str, Any]
) -> dict[str, Any]:
    ref = desk.state.slot
    state = panel_state(request, desk, ref) if ref else None
    moved = desk.moving
    if moved is None or moved.obstacle:
        return panel_of(request, desk)
    if state is None or not state.slots:
        return _wrapped(panel_of(request, desk))
    # The same intent as before: what was asked for with it meanwhile is found, not repeated.
    intent = form.cleaned_data.get("intent") if form else None
    kept = {"intent": intent} if intent else {}
    chosen = {"slot_chosen": request.POST.get("slot", "")}
    return panel_of(request, desk) | moving_panel.context(state, moved, **kept, **chosen, **more)


def _wrapped(shown: dict[str, Any]) -> dict[str, Any]:
    """What the panel says anyway, after why the move was not accepted."""
    inner = {"inner_template": shown["panel_template"]}
    return shown | inner | {"panel_template": "bookings/move-refused.html"}


def _desk(request: StaffRequest, pk: UUID, *, again: bool = False) -> Desk:
    """The page that the form was on, with the slot that was chosen in it."""
    now, snapshot = timezone.now(), catalogue.snapshot(request.organisation)
    asked = asked_for(request) | {"moving": str(pk)}
    state = availability_state.read(asked, {}, snapshot, now)
    desk = Desk(request.organisation, snapshot, state, now)
    desk.look(again=again)
    return desk
