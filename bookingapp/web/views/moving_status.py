"""Once a move was asked for: the plain grid again, beside how the move goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from bookingapp.domain import catalogue, settling, stories
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Write
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import availability_state
from bookingapp.web.presenters.grid import DAY
from bookingapp.web.views import status_context
from bookingapp.web.views.availability_context import page_of
from bookingapp.web.views.availability_desk import Desk

PAGE = "availability/page.html"
LONGEST_ADDRESS = 600


def asked_for(request: StaffRequest) -> dict[str, str]:
    """What the page with the form was asked for: its address, and the form's own fields."""
    named = ("calendar", "type", "slot")
    asked = {name: request.POST[name][:60] for name in named if request.POST.get(name)}
    # The page's own cell may be "anyone" where one of them was picked in the panel.
    return asked | dict(parse_qsl(request.POST.get("state", "")[:LONGEST_ADDRESS]))


def shown(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole desk out of moving mode, with the status of the write in place of the panel."""
    write = _found(request, pk)
    desk = _desk(request)
    desk.draw()
    context = page_of(request, desk) | _status(request, write) | {"is_part": True}
    context |= {"grid_query": desk.state.query(), "day_address": _day(request, desk, write)}
    response = render(request, f"{PAGE}#desk", context)
    patch_vary_headers(response, ["HX-Request"])
    # The form only stands in the panel; what ends is the mode of the whole desk.
    htmx.retarget(response, "#availability", "outerHTML")
    return htmx.trigger_settled(response, "desk:refresh-grid")


def _status(request: StaffRequest, write: Write) -> dict[str, Any]:
    mine = settling.may_settle(write, request.membership, request.user)
    return {
        "panel_template": "bookings/moved.html",
        "status": status_context.status_of(write),
        "write": write,
        "may_settle": mine,
        "part": True,
    }


def _day(request: StaffRequest, desk: Desk, write: Write) -> str:
    """The day that the booking moves to, with everybody in it."""
    slot, state = booking_slot.chosen(write)[0], desk.state
    there = state.at(slot.starts_at.astimezone(state.zone).date()).seen_as(DAY)
    address = reverse("availability", kwargs={"slug": request.organisation.slug})
    return f"{address}?{there.query(resource='')}"


def _found(request: StaffRequest, pk: UUID) -> Write:
    """With all that its status shows."""
    story = stories.find(request.organisation, pk)
    write = next((one for one in story.writes if one.pk == pk), None) if story else None
    if write is None:
        raise Http404
    return write


def _desk(request: StaffRequest) -> Desk:
    now, snapshot = timezone.now(), catalogue.snapshot(request.organisation)
    state = availability_state.read(asked_for(request), {}, snapshot, now).ended()
    desk = Desk(request.organisation, snapshot, state, now)
    desk.look()
    return desk
