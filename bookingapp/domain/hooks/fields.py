"""Where in a flow's body each fact stands: the usual places, and those an admin names. Pure.

RocketLead's HTTP request node has no documented shape (contract 6.3): whoever sets up the flow
writes the body. A path is names joined by dots; of several the first that says something counts.
An empty text says nothing, since an unknown placeholder comes as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bookingapp.domain.errors import Invalid

# Nobody filled it in: it stands for something that was not told.
_PLACEHOLDER = re.compile(r"\s*\{\{[^{}]*\}\}\s*")
LONGEST_PATH = 200
MOST_PATHS = 10


def _of_lead(*names: str) -> tuple[str, ...]:
    """The places of a fact about a lead: by itself, or in an object of the lead."""
    return (*names, *(f"{home}.{name}" for home in ("lead", "tableEntry") for name in names))


def _of_booking(*names: str) -> tuple[str, ...]:
    return (*names, *(f"{home}.{name}" for home in ("booking", "appointment") for name in names))


DEFAULTS: dict[str, tuple[str, ...]] = {
    "event": ("event", "eventName", "trigger.event"),
    "event_id": ("eventId", "runId"),
    "at": ("at", "occurredAt", "timestamp"),
    "lead_id": ("leadId", "tableEntryId", "entryId", "lead.id", "tableEntry.id"),
    "pool_id": (*_of_lead("poolId", "tableId"), "table.id"),
    "state_id": (*_of_lead("stateId", "leadStateId"), "newLeadStateId"),
    "old_state_id": _of_lead("oldStateId", "oldLeadStateId"),
    "data": ("data", "leadData", "lead.data", "tableEntry.data"),
    "custom_field_data": _of_lead("customFieldData", "customFields"),
    "follow_up_at": _of_lead("followUpDate", "followUpAt"),
    "first_opened_at": _of_lead("firstOpenedAt"),
    "interested_in": _of_lead("interestedInAppointmentTypeId", "interestedIn"),
    "archived": _of_lead("archived"),
    "created_at": _of_lead("createdAt"),
    "updated_at": _of_lead("updatedAt"),
    "booking_id": ("bookingId", "calendarBookingId", "booking.id", "appointment.id"),
    "calendar_id": (*_of_booking("calendarId"), "calendar.id"),
    "type_id": _of_booking("appointmentTypeId"),
    "resource_id": _of_booking("resourceId"),
    "slot_id": _of_booking("resourceSlotId"),
    "starts_at": _of_booking("startDateTime", "start"),
    "ends_at": _of_booking("endDateTime", "end"),
    "booked_at": ("bookedAt", "booking.createdAt", "appointment.createdAt"),
    "label": ("bookingName", "booking.name", "appointment.name"),
    "member_id": ("memberId",),
}
# Keys beside the others that belong into the lead's data.
SINGLE_KEYS = "single_keys"


def paths_of(changed: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """All paths: the defaults, and in their place what was changed."""
    return {
        name: tuple(str(path) for path in changed.get(name) or usual)
        for name, usual in DEFAULTS.items()
    } | {SINGLE_KEYS: tuple(str(key) for key in changed.get(SINGLE_KEYS) or ())}


def changed_from(typed: Mapping[str, str]) -> dict[str, list[str]]:
    """What to keep of the paths typed, one text a field with commas between them: only what
    differs from the defaults. Raises Invalid (codes by field).
    """
    wrong, changed = {}, {}
    for name in (*DEFAULTS, SINGLE_KEYS):
        paths = [part.strip() for part in typed.get(name, "").split(",") if part.strip()]
        if code := _wrong(paths, single=name == SINGLE_KEYS):
            wrong[name] = code
        elif paths and tuple(paths) != DEFAULTS.get(name):
            changed[name] = paths
    if wrong:
        raise Invalid(wrong)
    return changed


def _wrong(paths: list[str], *, single: bool) -> str:
    if len(paths) > MOST_PATHS:
        return "too_many_paths"
    if any(len(path) > LONGEST_PATH or not path.isprintable() for path in paths):
        return "path"
    # An empty part names nothing; braces are the placeholder itself, which stays in the flow.
    if any("{" in path or (not single and "" in path.split(".")) for path in paths):
        return "path"
    return ""


def told(body: Mapping[str, Any], paths: Iterable[str]) -> Any:
    """The first of ``paths`` that says something; None: nothing was told.

    NULL is what is there and null: that it says nothing was said on purpose.
    """
    is_null = False
    for path in paths:
        there, value = _at(body, path)
        if there and value is None:
            is_null = True
        elif there and value not in ({}, []) and not is_blank(value):
            return value
    return NULL if is_null else None


def is_blank(value: Any) -> bool:
    """A text that says nothing: an empty one, or a placeholder that was not filled in."""
    return isinstance(value, str) and (not value.strip() or is_unfilled(value))


def is_unfilled(value: Any) -> bool:
    return isinstance(value, str) and bool(_PLACEHOLDER.fullmatch(value))


class _Null:
    """A null in the body, told apart from what is not there."""

    def __bool__(self) -> bool:
        return False


NULL = _Null()


def _at(body: Mapping[str, Any], path: str) -> tuple[bool, Any]:
    """Whether there is something at ``path``, and what. A key with dots in it counts as well."""
    if path in body:
        return True, body[path]
    value: Any = body
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return False, None
        value = value[part]
    return True, value
