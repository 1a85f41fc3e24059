"""What the desk understood of a delivery, as names and values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain.hooks.submissions import Submission
from bookingapp.domain.hooks.telling import BookingFacts, LeadFacts, Telling
from bookingapp.web.presenters import hook_words

Fact = tuple[str, str]
LONGEST = 400
_LEAD = {
    "lead_id": "connect_id", "pool_id": "pool_id", "state_id": "state_id",
    "old_state_id": "old_state_id", "created_at": "created_at", "updated_at": "updated_at",
    "data": "data", "custom_field_data": "custom_field_data",
}  # fmt: skip
_BOOKING = {
    "booking_id": "connect_id", "calendar_id": "calendar_id", "type_id": "type_id",
    "resource_id": "resource_id", "slot_id": "slot_id", "starts_at": "starts_at",
    "ends_at": "ends_at", "booked_at": "made_at", "label": "label",
}  # fmt: skip


def of_event(told: Telling) -> list[Fact]:
    found = [(_label("event"), hook_words.event(str(told.event) or told.name))]
    found += [(_label("event_id"), told.event_id), (_label("at"), _text(told.at))]
    if told.lead is not None:
        found += _facts(told.lead, _LEAD)
        found += [(_asked(name), _text(value)) for name, value in told.lead.asked.items()]
    if told.booking is not None:
        found += _facts(told.booking, _BOOKING)
    return [(name, value) for name, value in found if value]


def of_form(told: Submission) -> list[Fact]:
    found = [
        (gettext("Form"), told.form_name or told.form_id),
        (gettext("Sent at"), _text(told.submitted_at)),
        (_label("lead_id"), told.lead_id),
        (_label("booking_id"), told.booking_id),
        (_label("data"), _text(told.data)),
        (_label("interested_in"), told.interested_in),
    ]
    return [(name, value) for name, value in found if value]


def _facts(told: LeadFacts | BookingFacts, names: Mapping[str, str]) -> Iterator[Fact]:
    for field, attribute in names.items():
        yield _label(field), _text(getattr(told, attribute))


def _asked(name: str) -> str:
    same = "interested_in_appointment_type_id"
    return _label("interested_in" if name == same else name)


def _label(field: str) -> str:
    return str(hook_words.FIELDS[field])


def _text(value: Any) -> str:
    if value is None or value in ("", {}):
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)[:LONGEST]
    return str(value)[:LONGEST]
