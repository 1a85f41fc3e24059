"""Resources, and which calendars they serve (contract section 5.5)."""

from __future__ import annotations

from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.paths import item, query
from bookingapp.connect.types.catalogue import Resource, ResourceCalendarMapping
from bookingapp.connect.wire import read_list, read_one

RESOURCES = "/connect/resources/"
CALENDAR_MAPPINGS = "/connect/resource_calendar_mappings/"


def list_resources() -> Call[tuple[Resource, ...]]:
    """All resources of the organisation."""
    return Call("list_resources", "GET", RESOURCES, partial(read_list, Resource))


def get_resource(resource_id: str) -> Call[Resource]:
    """One resource."""
    path = item(RESOURCES, resource_id)
    return Call("get_resource", "GET", path, partial(read_one, Resource))


def list_resource_calendar_mappings(
    calendar_id: str | None = None,
) -> Call[tuple[ResourceCalendarMapping, ...]]:
    """Which resource serves which calendar; the filter is documented only in passing."""
    return Call(
        "list_resource_calendar_mappings",
        "GET",
        CALENDAR_MAPPINGS,
        partial(read_list, ResourceCalendarMapping, calendarId=calendar_id),
        query=query(calendarId=calendar_id),
    )
