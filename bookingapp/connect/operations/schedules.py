"""Recurring slots and blockers of a calendar (contract section 5.5)."""

from __future__ import annotations

from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.paths import query
from bookingapp.connect.types.catalogue import Blocker, ResourceSlot
from bookingapp.connect.wire import read_list

RESOURCE_SLOTS = "/connect/resource_slots/"
BLOCKERS = "/connect/resource_slot_blockers/"


def list_resource_slots(calendar_id: str) -> Call[tuple[ResourceSlot, ...]]:
    """Recurring bookable windows; the calendar is always sent, as it may be required."""
    read = partial(read_list, ResourceSlot, calendarId=calendar_id)
    members = query(calendarId=calendar_id)
    return Call("list_resource_slots", "GET", RESOURCE_SLOTS, read, query=members)


def list_blockers(calendar_id: str) -> Call[tuple[Blocker, ...]]:
    """Vacations, holidays and other closures; the calendar is always sent, see above."""
    read = partial(read_list, Blocker, calendarId=calendar_id)
    members = query(calendarId=calendar_id)
    return Call("list_blockers", "GET", BLOCKERS, read, query=members)
