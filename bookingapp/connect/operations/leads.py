"""Leads: ``table_entries`` on the wire (contract section 5.2). There is no way to read one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from bookingapp.connect.calls import Call
from bookingapp.connect.instants import as_utc
from bookingapp.connect.paths import item
from bookingapp.connect.types.leads import Lead, LeadChanges
from bookingapp.connect.wire import encode, read_one

ENTRIES = "/connect/table_entries/"

_read_lead = partial(read_one, Lead)


def create_lead(
    *,
    table_id: str,
    lead_state_id: str,
    data: Mapping[str, Any],
    custom_field_data: Mapping[str, Any] | None = None,
    interested_in_appointment_type_id: str | None = None,
) -> Call[Lead]:
    """A new lead. Not idempotent, without any key: sent twice, it is two leads (section 8.2)."""
    body: dict[str, Any] = {"tableId": table_id, "leadStateId": lead_state_id, "data": dict(data)}
    if custom_field_data:
        body["customFieldData"] = dict(custom_field_data)
    if interested_in_appointment_type_id is not None:
        body["interestedInAppointmentTypeId"] = interested_in_appointment_type_id
    return Call("create_lead", "POST", ENTRIES, _read_lead, body=encode(body))


def patch_lead(lead_id: str, changes: LeadChanges | Mapping[str, Any]) -> Call[Lead]:
    """A merge patch (RFC 7396) of one lead; a mapping is read by our names.

    ``ValueError`` for an unknown name or a value that must not be sent.
    """
    wanted = changes if isinstance(changes, LeadChanges) else LeadChanges.from_mapping(changes)
    path = item(ENTRIES, lead_id)
    return Call("patch_lead", "PATCH", path, _read_lead, body=encode(_in_utc(wanted)))


def _in_utc(changes: LeadChanges) -> LeadChanges:
    instants = {
        name: as_utc(value)
        for name in ("first_opened_at", "follow_up_at")
        if (value := getattr(changes, name)) not in (None, msgspec.UNSET)
    }
    return msgspec.structs.replace(changes, **instants)
