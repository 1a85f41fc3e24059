"""What a lead has ahead: appointments that stand, and those that are being asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Booking, Lead, Write
from bookingapp.domain.states import UNFINISHED, Kind


@dataclass(frozen=True, slots=True)
class Ahead:
    """``pk`` is the booking's, or the write's while it is on its way. ``type_id`` is Connect's."""

    pk: UUID
    starts_at: datetime
    ends_at: datetime
    type_id: str
    zone: str
    resource_name: str
    on_its_way: bool = False


def of(lead: Lead, *, now: datetime) -> list[Ahead]:
    """The next one first."""
    standing = Booking.objects.filter(lead=lead, gone_at=None, ends_at__gt=now)
    standing = standing.select_related("calendar", "resource", "appointment_type")
    asked = Write.objects.filter(lead=lead, kind=Kind.BOOK, state__in=UNFINISHED)
    found = [_standing(one) for one in standing] + [_asked(one) for one in asked]
    return sorted((one for one in found if one.ends_at > now), key=lambda one: one.starts_at)


def _standing(booking: Booking) -> Ahead:
    return Ahead(
        pk=booking.pk,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        type_id=booking.appointment_type.connect_id,
        zone=booking.calendar.zone,
        resource_name=str(booking.resource),
    )


def _asked(write: Write) -> Ahead:
    slot, _ = booking_slot.chosen(write)
    return Ahead(
        pk=write.pk,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        type_id=str(write.payload.get("type_id", "")),
        zone=str(write.payload.get("zone", "")),
        resource_name=slot.resource_name,
        on_its_way=True,
    )
