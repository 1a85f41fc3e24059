"""Advice on the availability page: what a person opens is noted, what others look at is shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString

from bookingapp.domain import advice
from bookingapp.domain.advice import Note
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import advice as words
from bookingapp.web.views.availability_desk import Desk

# The panels from which the chosen slot can be booked.
BOOKS = frozenset({"bookings/panel.html", "bookings/move.html"})


def others(request: StaffRequest, desk: Desk) -> list[Note]:
    """What colleagues look at in the shown week. One read of the cache at most."""
    if desk.window is None or desk.state.calendar is None:
        return []
    return advice.who(
        desk.organisation, request.user, desk.state.calendar.pk, desk.window, now=desk.now
    )


def element(request: StaffRequest, desk: Desk, *, oob: bool = False) -> SafeString:
    """What ``#advice`` beside the grid holds; ``oob`` when it comes with another part."""
    return words.element(others(request, desk), oob=oob)


def noted(request: StaffRequest, desk: Desk, panel: dict[str, Any]) -> dict[str, str]:
    """Take down what ``panel`` lets this person book; say who else looks at it."""
    ref, calendar = desk.state.slot, desk.state.calendar
    if ref is None or calendar is None:
        return {}
    if panel.get("panel_template") not in BOOKS:
        advice.forget(desk.organisation, request.user, now=desk.now)
        return {}
    told = words.looking(advice.at(others(request, desk), ref))
    advice.note(desk.organisation, request.user, calendar.pk, ref, now=desk.now)
    return {"colleagues": told}


def is_known(request: StaffRequest, desk: Desk) -> bool:
    """Whether the page that polls shows this advice already (``seen``)."""
    return request.GET.get("seen", "") == words.tag(others(request, desk))


def alone(request: StaffRequest, desk: Desk) -> HttpResponse:
    """Only the advice is new: the grid stays, what is beside it is swapped."""
    return HttpResponse(element(request, desk, oob=True), headers={"HX-Reswap": "none"})
