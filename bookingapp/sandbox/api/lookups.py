"""The lookups: calendars, resources, types, slots, blockers, mappings, lead pools (5.1, 5.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.sandbox import wire
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.models import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    PoolState,
    Resource,
    ResourceCalendar,
    ResourceSlot,
    TypeResource,
)
from bookingapp.sandbox.switches import board

Json = dict[str, Any]
FILTERS = ("calendarId", "resourceId", "appointmentTypeId")


def answer_list(call: Call, rows: Iterable[Json]) -> Any:
    """The rows that match the query's filters, in the envelope of the day."""
    wanted = {name: call.query(name) for name in FILTERS if call.query(name)}
    found = [
        dressed(row)
        for row in rows
        if all(row.get(name, value) in {value, None} for name, value in wanted.items())
    ]
    return {"data": found} if board["list.envelope"] == "data" else found


def dressed(row: Json) -> Json:
    """A row with the fields that `lookup.extra_fields` and `lookup.missing_fields` ask for."""
    gone = board["lookup.missing_fields"]
    row = {key: value for key, value in row.items() if key == "id" or key not in gone}
    if board.is_on("lookup.extra_fields"):
        row |= {"internalRevision": 7, "flags": {"beta": True}, "legacy": None}
    return row


def calendar(row: Calendar) -> Json:
    return {"id": row.id, "name": row.name, "tzdata": row.zone}


def resource(row: Resource) -> Json:
    return {"id": row.id, "name": row.name, "color": row.colour,
        "maxParallelBookings": row.capacity}  # fmt: skip


def appointment_type(row: AppointmentType) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "bookingLength": wire.length(row.length_minutes),
        "searchLength": wire.length(row.step_minutes),
        "bufferAfter": wire.length(row.buffer_minutes),
    }


def resource_slot(row: ResourceSlot) -> Json:
    zone = ZoneInfo(row.calendar.zone)
    first = datetime.combine(row.first_date, time(), zone)
    return {
        "id": row.id,
        "resourceId": row.resource_id,
        "calendarId": row.calendar_id,
        "startDateTime": wire.stamp(_local(first, row.opens_minute), row.calendar.zone),
        "endDateTime": wire.stamp(_local(first, row.closes_minute), row.calendar.zone),
        "recurrence": row.recurrence,
        "weekdays": [int(day) + 1 for day in row.weekdays],
        "recurrenceEndDate": row.last_date.isoformat() if row.last_date else None,
        "maxParallelBookings": row.capacity,
        "publiclyBookable": row.is_public,
    }


def blocker(row: Blocker) -> Json:
    return {
        "id": row.id,
        "calendarId": row.calendar_id,
        "resourceId": row.resource_id,
        "name": row.name,
        "startDateTime": wire.stamp(row.starts_at, row.calendar.zone),
        "endDateTime": wire.stamp(row.ends_at, row.calendar.zone),
    }


def calendar_mapping(row: ResourceCalendar) -> Json:
    return {"id": row.id, "resourceId": row.resource_id, "calendarId": row.calendar_id}


def type_mapping(row: TypeResource) -> Json:
    return {"id": row.id, "appointmentTypeId": row.appointment_type_id,
        "resourceId": row.resource_id}  # fmt: skip


def pool(call: Call, row: LeadPool) -> Json:
    """A lead pool with its states; the switch `states.defaults` decides how many are default."""
    states = call.catalogue.pool_states.get(row.id, [])
    return {
        "id": row.id,
        "name": row.name,
        "leadStates": [_pool_state(one, at) for at, one in enumerate(states)],
    }


def _pool_state(row: PoolState, position: int) -> Json:
    is_default: dict[str, Callable[[], bool]] = {
        "seeded": lambda: row.is_default,
        "none": lambda: False,
        "many": lambda: position < 2,
    }
    return {
        "id": row.state_id,
        "name": row.state.name,
        "color": row.state.colour,
        "category": row.state.category,
        "default": is_default[board["states.defaults"]](),
    }


def _local(midnight: datetime, minute: int) -> datetime:
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
