"""The slot a booking is about to take: as the page knew it, or read again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from bookingapp import connect
from bookingapp.domain import availability, evidence
from bookingapp.domain.errors import Invalid, NoToken, SlotGone
from bookingapp.domain.kinds import steps
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Organisation, Write
from bookingapp.domain.slotfill import Wish
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Reason

# Connect answered, and said "not now": its word, unless something in between spoke for it.
PUT_OFF = frozenset({Reason.CONNECT_FAILED, Reason.SLOW_DOWN})


def chosen(write: Write) -> tuple[Slot, dict[str, Any]]:
    """The slot to try next, and its counts as they were known when it was chosen."""
    kept = write.payload["slot"]
    return msgspec.convert(kept["slot"], Slot), kept["seen"]


def with_slot(payload: dict[str, Any], slot: Slot, *, as_of: datetime | None) -> dict[str, Any]:
    """``payload`` with another slot to try; ``as_of`` is when its counts were read."""
    kept = {"slot": msgspec.to_builtins(slot), "seen": evidence.counts(slot, as_of)}
    return {**payload, "slot": kept}


def wish_of(write: Write, *, nearby_minutes: int) -> Wish:
    return wish_in(write.payload, nearby_minutes=nearby_minutes)


def wish_in(payload: dict[str, Any], *, nearby_minutes: int) -> Wish:
    wish = payload["wish"]
    return Wish(
        starts_at=datetime.fromisoformat(wish["starts_at"]),
        resource_id=wish["resource_id"],
        anyone=wish["anyone"],
        nearby_minutes=nearby_minutes if wish["nearby"] else 0,
    )


def window(write: Write) -> availability.Window:
    return window_at(write.organisation, write.payload, chosen(write)[0].starts_at)


def window_at(
    organisation: Organisation, payload: dict[str, Any], instant: datetime
) -> availability.Window:
    """The week of the booking's calendar in which ``instant`` lies."""
    day = instant.astimezone(ZoneInfo(payload["zone"])).date()
    return availability.Window(
        organisation_id=organisation.pk,
        calendar_connect_id=payload["calendar_id"],
        type_connect_id=payload["type_id"],
        zone=payload["zone"],
        starts_on=day - timedelta(days=day.weekday()),
    )


def offered(
    organisation: Organisation, payload: dict[str, Any], *, now: datetime
) -> tuple[Wish, list[Slot], datetime | None]:
    """The wish in ``payload``, the slots listed at its time, open or not, and when they were read.

    May call Connect, so it comes before any transaction. Raises Invalid for a time that has
    passed, SlotGone where nothing is listed or can be read.
    """
    wish = wish_in(payload, nearby_minutes=0)
    if wish.starts_at <= now:
        raise Invalid({"slot": "past"})
    window = window_at(organisation, payload, wish.starts_at)
    reading = availability.read(
        organisation, window, now=now, patience_seconds=settings.AVAILABILITY_PATIENCE
    )
    there = [
        slot
        for slot in (reading.slots if reading else ())
        if slot.starts_at == wish.starts_at and wish.resource_id in {"", slot.resource_id}
    ]
    if reading is None or not there:
        raise SlotGone
    return wish, there, reading.as_of


def needs_fresh(write: Write, *, now: datetime) -> bool:
    """Whether the counts known are too old, or an earlier try makes them worthless."""
    last = write.tries.last()
    if last is not None and last.reason in PUT_OFF:
        return True
    seen = chosen(write)[1].get("as_of")
    if seen is None:
        return True
    age = (now - datetime.fromisoformat(seen)).total_seconds()
    return age > settings.AVAILABILITY_SOFT_AGE


def find(write: Write, slots: Iterable[Slot]) -> Slot | None:
    slot, _ = chosen(write)
    return evidence.find(
        slots,
        resource_id=slot.resource_id,
        starts_at=slot.starts_at,
        slot_id=slot.resource_slot_id or "",
    )


def read(kind: KindOfWrite, write: Write, *, now: datetime) -> availability.Reading | None:
    """Fresh availability around the slot; None when it cannot be had, and the write then waits."""
    try:
        return availability.fetch(write.organisation, window(write), now=now)
    except (connect.ConnectError, NoToken) as error:
        steps.unread(kind, write, error, now=now)
        return None


def drop(write: Write, slot: Slot) -> None:
    """The window this slot lies in has changed by our own doing."""
    availability.drop(
        write.organisation,
        calendar_connect_id=write.payload["calendar_id"],
        starts_at=slot.starts_at,
    )
