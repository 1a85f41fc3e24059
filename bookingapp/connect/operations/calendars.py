"""Calendars. The collection's path is singular (contract section 3.1)."""

from __future__ import annotations

from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.paths import item
from bookingapp.connect.types.catalogue import Calendar
from bookingapp.connect.wire import read_list, read_one

CALENDARS = "/connect/calendar/"


def list_calendars() -> Call[tuple[Calendar, ...]]:
    """All calendars of the organisation."""
    return Call("list_calendars", "GET", CALENDARS, partial(read_list, Calendar))


def get_calendar(calendar_id: str) -> Call[Calendar]:
    """One calendar; its ``zone`` decides what its days are."""
    path = item(CALENDARS, calendar_id)
    return Call("get_calendar", "GET", path, partial(read_one, Calendar))
