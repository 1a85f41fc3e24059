"""The booking that a write changes, kept with the write as it stood: a delete has no undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bookingapp.domain.models import Booking, Write
from bookingapp.domain.slots import Slot


class Old(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is our row; the other ids are Connect's. Instants are UTC."""

    id: str
    connect_id: str
    calendar_id: str
    type_id: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    resource_id: str
    resource_name: str
    slot_id: str
    name: str


def keep(booking: Booking) -> dict[str, Any]:
    """For ``payload["old"]``; needs the booking's calendar, type, resource and write at hand."""
    told = booking.told.get("name") or (booking.write.payload.get("name") if booking.write else "")
    old = Old(
        id=str(booking.pk),
        connect_id=booking.connect_id,
        calendar_id=booking.calendar.connect_id,
        type_id=booking.appointment_type.connect_id,
        zone=booking.calendar.zone,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        resource_id=booking.resource.connect_id,
        resource_name=booking.resource.name,
        slot_id=booking.slot_connect_id,
        name=str(told or "")[:200],
    )
    kept: dict[str, Any] = msgspec.to_builtins(old)
    return kept


def old_of(write: Write) -> Old:
    return msgspec.convert(write.payload["old"], Old)


def slot_of(old: Old) -> Slot:
    """The slot the booking sits on, as far as we know it: its counts are not."""
    return Slot(
        resource_id=old.resource_id,
        resource_name=old.resource_name,
        resource_slot_id=old.slot_id or None,
        appointment_type_id=old.type_id,
        starts_at=old.starts_at,
        ends_at=old.ends_at,
        capacity=0,
        booked=0,
        available=False,
    )
