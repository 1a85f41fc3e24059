"""A booking that was not accepted: the panel again with all that was typed, and a fresh grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from bookingapp.domain import catalogue
from bookingapp.domain.models import Lead, Write
from bookingapp.web import drafts, htmx
from bookingapp.web.forms.booking import BookingForm, typed_in
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import availability_state, sentences
from bookingapp.web.presenters.sentences import Told
from bookingapp.web.views import lead_same, panel, status_context
from bookingapp.web.views.availability_context import context_of, panel_of, panel_state
from bookingapp.web.views.availability_desk import Desk
from bookingapp.web.views.panel_state import PanelState

PAGE = "availability/page.html"
UNREADABLE, CONFLICT = 422, 409


def invalid(request: StaffRequest, form: BookingForm) -> HttpResponse:
    """Something can be mended: said at its field."""
    return _again(request, form, _desk(request.organisation, request.POST), status=UNREADABLE)


def twins_of(request: StaffRequest, form: BookingForm) -> list[Lead]:
    """Who has the phone or email of the new lead already, unless one is meant all the same."""
    asked = form.asked()
    if isinstance(asked.lead, Lead):
        return []
    contact = asked.lead.contact
    return lead_same.stopping(request.organisation, contact, request.POST, intent=asked.intent)


def same_person(request: StaffRequest, form: BookingForm, twins: list[Lead]) -> HttpResponse:
    """The new lead may be there already: shown, and Enter books for that one."""
    desk = _desk(request.organisation, request.POST)
    return _again(request, form, desk, status=CONFLICT, **lead_same.context(twins, stopped=True))


def slot_gone(request: StaffRequest, form: BookingForm) -> HttpResponse:
    """The time is not offered any more, or nobody can say whether it is."""
    desk = _desk(request.organisation, request.POST, again=True)
    unread = desk.reading is None or desk.reading.as_of is None
    drafts.keep(request, typed_in(request.POST), instead_of=drafts.instead_of(request))
    refusal = sentences.PANEL["unreadable" if unread else "slot_gone"]
    return _again(request, form, desk, status=CONFLICT, refusal=refusal, may_retry=unread)


def already_booked(request: StaffRequest, form: BookingForm, write: Write) -> HttpResponse:
    """The lead has a booking at this time: shown, with a button that means it."""
    desk = _desk(request.organisation, request.POST)
    refusal = _filled("already_booked", name=status_context.who(write))
    more = {"refusal": refusal, "other": status_context.row(write), "offers_again": True}
    return _again(request, form, desk, status=CONFLICT, **more)


def intent_reused(request: StaffRequest, form: BookingForm, write: Write) -> HttpResponse:
    """A page from the history was sent again with something else in it."""
    desk = _desk(request.organisation, request.POST)
    other = status_context.row(write)
    refusal = _filled("intent_reused", what=f"{other.who}, {other.when}")
    more = {"refusal": refusal, "other": other, "fresh_intent": True}
    return _again(request, form, desk, status=CONFLICT, **more)


def fresh_grid(request: StaffRequest, query: str) -> dict[str, Any]:
    """The grid of a page's address, to be swapped in beside another part; empty without one."""
    if not query:
        return {}
    desk = _desk(request.organisation, {"state": query})
    desk.draw()
    return context_of(request, desk) | {"oob": True} if desk.reading else {}


def _again(
    request: StaffRequest, form: BookingForm, desk: Desk, *, status: int, **more: Any
) -> HttpResponse:
    state = _state(request, desk)
    desk.draw()
    context = context_of(request, desk) | _panel(request, form, desk, state, more)
    if not htmx.wants_part(request):
        return render(request, PAGE, context, status=status)
    response = render(request, "bookings/refused.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _panel(
    request: StaffRequest,
    form: BookingForm,
    desk: Desk,
    state: PanelState | None,
    more: dict[str, Any],
) -> dict[str, Any]:
    if state is None:
        return panel_of(request, desk) | more
    typed = panel.typed_of(request, request.POST)
    # The same intent as before: what was asked for with it meanwhile is found, not repeated.
    kept = {} if more.get("fresh_intent") else {"intent": form.cleaned_data.get("intent")}
    kept = {name: value for name, value in kept.items() if value}
    extra = kept | {"form": form, "slot_chosen": request.POST.get("slot", "")} | more
    shown = {"panel_template": "bookings/panel.html"}
    return shown | panel.panel_context(request, state, typed=typed, **extra)


def _desk(organisation: Any, data: Mapping[str, Any], *, again: bool = False) -> Desk:
    """The page that the form was on, with the slot that was chosen in it."""
    asked = {name: str(data[name])[:60] for name in ("calendar", "type", "slot") if data.get(name)}
    # The page's own cell may be "anyone" where one of them was picked in the panel.
    asked |= dict(parse_qsl(str(data.get("state", ""))[:600]))
    now, snapshot = timezone.now(), catalogue.snapshot(organisation)
    desk = Desk(organisation, snapshot, availability_state.read(asked, {}, snapshot, now), now)
    desk.look(again=again)
    return desk


def _state(request: StaffRequest, desk: Desk) -> PanelState | None:
    """The chosen slot; without any reading what was chosen is still known."""
    seen, ref = desk.state, desk.state.slot
    if ref is None or seen.calendar is None or seen.type is None:
        return None
    return panel_state(request, desk, ref) or PanelState(
        organisation=desk.organisation,
        calendar=seen.calendar,
        appointment_type=seen.type,
        resource=seen.resource,
        ref=ref,
        slots=[],
        zone=seen.zone,
        as_of=None,
        query=seen.query(),
    )


def _filled(key: str, **words: str) -> Told:
    told = sentences.PANEL[key]
    return Told(str(told.happened).format(**words), told.ahead, told.can)
