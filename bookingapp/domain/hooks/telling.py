"""What one body tells: of which event, about which lead, about which booking. Pure.

Nothing is guessed: a time without its offset, an id that is no text, are as if they were not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bookingapp.domain.hooks import bodies
from bookingapp.domain.hooks.fields import NULL, SINGLE_KEYS, is_blank, told
from bookingapp.domain.policy import Policy

LONGEST_ID = 200


class Event(StrEnum):
    """RocketLead's automation events (contract 6.1); the values are its names."""

    LEAD_ADDED = "table.entry.added"
    STATE_CHANGED = "table.entry.leadState.changed"
    BOOKED = "calendar.appointment.booked"
    STARTED = "calendar.appointment.hasStarted"
    ENDED = "calendar.appointment.hasEnded"
    DELETED = "calendar.appointment.deleted"
    OTHER = ""


OF_LEADS = frozenset({Event.LEAD_ADDED, Event.STATE_CHANGED})
# They all tell that the booking is there.
OF_STANDING = frozenset({Event.BOOKED, Event.STARTED, Event.ENDED})
_NAMES = {re.sub(r"[^a-z]", "", event.lower()): event for event in Event if event} | {
    "leadadded": Event.LEAD_ADDED,
    "leadcreated": Event.LEAD_ADDED,
    "leadstatechanged": Event.STATE_CHANGED,
    "appointmentbooked": Event.BOOKED,
    "appointmenthasstarted": Event.STARTED,
    "appointmenthasended": Event.ENDED,
    "appointmentdeleted": Event.DELETED,
}


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """``asked`` holds what is merged into ours, by our names; a None in it clears."""

    connect_id: str
    pool_id: str = ""
    state_id: str = ""
    old_state_id: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)
    custom_field_data: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """``by_hand``: somebody at RocketLead's console made it, so no write of ours did."""

    connect_id: str
    lead_id: str = ""
    calendar_id: str = ""
    type_id: str = ""
    resource_id: str = ""
    slot_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    made_at: datetime | None = None
    label: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    event: Event
    name: str = ""
    event_id: str = ""
    at: datetime | None = None
    lead: LeadFacts | None = None
    booking: BookingFacts | None = None

    @property
    def has_time(self) -> bool:
        times = (self.at, self.lead and self.lead.updated_at, self.booking and self.booking.made_at)
        return any(times)


def read(body: Mapping[str, Any], paths: Mapping[str, tuple[str, ...]], policy: Policy) -> Telling:
    """What ``body`` tells, by the places in ``paths``."""
    reader = Reader(body, paths)
    name = reader.text("event")
    event = _NAMES.get(re.sub(r"[^a-z]", "", name.lower()), Event.OTHER)
    booking = _booking(reader, event)
    return Telling(
        event=event,
        name=name[:80],
        event_id=reader.text("event_id"),
        at=reader.instant("at"),
        lead=_lead(reader, event, policy, of_booking=booking is not None),
        booking=booking,
    )


@dataclass(frozen=True, slots=True)
class Reader:
    body: Mapping[str, Any]
    paths: Mapping[str, tuple[str, ...]]

    def value(self, name: str) -> Any:
        return told(self.body, self.paths[name])

    def text(self, name: str) -> str:
        return text_of(self.value(name))[:LONGEST_ID]

    def instant(self, name: str) -> datetime | None:
        return instant_of(self.value(name))

    def object(self, name: str) -> dict[str, Any]:
        value = self.value(name)
        if isinstance(value, str) and value.lstrip().startswith("{"):
            # A placeholder that stood for a whole object may come as its JSON.
            try:
                value = bodies.clean(json.loads(value))
            except (ValueError, RecursionError, bodies.Unreadable):
                return {}
        return said(value) if isinstance(value, Mapping) else {}


def text_of(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def instant_of(value: Any) -> datetime | None:
    """An ISO 8601 time with its offset, as UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.utcoffset() is None or not 1990 <= moment.year <= 2200:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the blank texts: they are placeholders that had nothing to stand for."""
    return {
        key: said(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if not is_blank(value)
    }


def _lead(reader: Reader, event: Event, policy: Policy, *, of_booking: bool) -> LeadFacts | None:
    connect_id = reader.text("lead_id")
    if not connect_id:
        return None
    updated_at = reader.instant("updated_at")
    if updated_at is None and event in OF_LEADS:
        # The moment of another event says nothing of how old its lead's state is.
        updated_at = reader.instant("at")
    # What stands beside a booking under a name that both have is the booking's.
    created_at = None if of_booking and not updated_at else reader.instant("created_at")
    return LeadFacts(
        connect_id=connect_id,
        pool_id=reader.text("pool_id"),
        state_id=reader.text("state_id"),
        old_state_id=reader.text("old_state_id"),
        created_at=created_at,
        updated_at=updated_at,
        data=_data(reader, policy),
        custom_field_data=reader.object("custom_field_data"),
        asked=_asked(reader),
    )


def _data(reader: Reader, policy: Policy) -> dict[str, Any]:
    # All pools' keys: which one it is about is said in the same body, if at all.
    usual = (*policy.contact_keys(), policy.intent_key)
    keys = [key for key in (*usual, *reader.paths[SINGLE_KEYS]) if key]
    beside = said({key: reader.body[key] for key in keys if key in reader.body})
    single = {key: value for key, value in beside.items() if text_of(value)}
    return {**single, **reader.object("data")}


def _asked(reader: Reader) -> dict[str, Any]:
    """What a whole answer would hold, as far as it was told; a null was told on purpose."""
    asked: dict[str, Any] = {}
    for name in ("first_opened_at", "follow_up_at"):
        value = reader.value(name)
        moment = instant_of(value)
        if moment or value is NULL:
            asked[name] = moment.isoformat() if moment else None
    interest = reader.value("interested_in")
    if text_of(interest) or interest is NULL:
        asked["interested_in_appointment_type_id"] = text_of(interest)[:LONGEST_ID] or None
    archived = reader.value("archived")
    if str(archived).lower() in {"true", "false"}:
        asked["archived"] = str(archived).lower() == "true"
    return asked


def _booking(reader: Reader, event: Event) -> BookingFacts | None:
    connect_id = reader.text("booking_id")
    if not connect_id or event in OF_LEADS:
        return None
    made_at = reader.instant("booked_at")
    if made_at is None and event == Event.BOOKED:
        made_at = reader.instant("at")
    return BookingFacts(
        connect_id=connect_id,
        lead_id=reader.text("lead_id"),
        calendar_id=reader.text("calendar_id"),
        type_id=reader.text("type_id"),
        resource_id=reader.text("resource_id"),
        slot_id=reader.text("slot_id"),
        starts_at=reader.instant("starts_at"),
        ends_at=reader.instant("ends_at"),
        made_at=made_at,
        label=reader.text("label"),
        by_hand=bool(reader.text("member_id")),
    )
