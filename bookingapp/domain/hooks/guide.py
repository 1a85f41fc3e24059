"""The bodies to put into RocketLead's HTTP request nodes, one for each trigger. Pure.

Documented placeholders are those of the lead's data and custom fields (contract 6.3); the others
are likely. One that a flow does not know comes as an empty text, and that tells nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import astuple

from bookingapp.domain import catalogue
from bookingapp.domain.hooks.telling import OF_LEADS, Event
from bookingapp.domain.models import LeadPool, Organisation
from bookingapp.domain.policy import Policy, policy_of

TRIGGER = "TRIGGER"
MOST_KEYS = 40
FLOWS = (Event.LEAD_ADDED, Event.STATE_CHANGED, Event.BOOKED, Event.DELETED, Event.STARTED)
_OF_LEAD = {
    "id": "id",
    "poolId": "tableId",
    "stateId": "leadStateId",
    "createdAt": "createdAt",
    "updatedAt": "updatedAt",
    "followUpDate": "followUpDate",
    "firstOpenedAt": "firstOpenedAt",
    "interestedInAppointmentTypeId": "interestedInAppointmentTypeId",
}
_OF_BOOKING = (
    "id", "calendarId", "resourceId", "appointmentTypeId", "resourceSlotId", "startDateTime",
    "endDateTime", "createdAt", "name",
)  # fmt: skip


def body(organisation: Organisation, event: Event, trigger: str = TRIGGER) -> str:
    """JSON text to copy; ``event`` OTHER leaves the event's name to a placeholder, too."""
    value = template(organisation, event, trigger)
    return json.dumps(value, indent=2, ensure_ascii=False)


def example(organisation: Organisation, *, now: datetime) -> str:
    """A body as a flow would send it, with a lead that does not exist."""
    pool = next(iter(catalogue.snapshot(organisation).used_pools), None)
    states = pool.states if pool else ()
    at = now.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    value = {
        "event": str(Event.LEAD_ADDED),
        "lead": {
            "id": "example-1",
            "poolId": pool.connect_id if pool else "",
            "stateId": states[0].connect_id if states else "",
            "createdAt": at,
            "updatedAt": at,
            "followUpDate": "",
            "data": {"name": "Erika Example", "phone": "+49 30 1234567", "email": ""},
        },
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def template(organisation: Organisation, event: Event, trigger: str = TRIGGER) -> dict[str, Any]:
    def place(path: str) -> str:
        return f"{{{{{trigger}.{path}}}}}"

    made: dict[str, Any] = {"event": str(event) or place("event"), "at": place("at")}
    lead: dict[str, Any] = {name: place(f"tableEntry.{path}") for name, path in _OF_LEAD.items()}
    policy = policy_of(organisation.settings)
    keys = _keys(policy, LeadPool.objects.filter(organisation=organisation, gone_at=None))
    lead["data"] = {key: place(f"tableEntry.data.{key}") for key in keys}
    fields = list(policy.custom_field_names)[:MOST_KEYS]
    if fields:
        lead["customFieldData"] = {
            key: place(f"tableEntry.customFieldData.{key}") for key in fields
        }
    made["lead"] = lead
    if event in {Event.STATE_CHANGED, Event.OTHER}:
        made["oldStateId"] = place("oldLeadStateId")
    if event not in OF_LEADS:
        made["booking"] = {name: place(f"appointment.{name}") for name in _OF_BOOKING}
    return made


def _keys(policy: Policy, pools: Iterable[LeadPool]) -> list[str]:
    """The keys of the data that are told: the contact, our own, and what the pools have."""
    usual = [
        *(names[0] for names in (
            policy.name_keys, policy.first_name_keys, policy.last_name_keys,
            policy.phone_keys, policy.email_keys,
        ) if names),
        *(keys[0] for own in policy.pool_keys.values() for keys in astuple(own) if keys),
        *([policy.intent_key] if policy.intent_key else []),
    ]  # fmt: skip
    learnt = [key for pool in pools for key in sorted(pool.schema)]
    return [key for key in dict.fromkeys([*usual, *learnt]) if "." not in key][:MOST_KEYS]
