"""The place of a booking that is gone, and what is free near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from bookingapp.domain import availability, catalogue, slotfill
from bookingapp.domain.availability import NoZone, Reading
from bookingapp.domain.models import Booking, Organisation
from bookingapp.domain.slotfill import SlotKey, Wish
from bookingapp.domain.slots import Slot, is_open
from bookingapp.web.presenters import alternatives
from bookingapp.web.presenters.alternatives import Alternative

# A time at the end of a week has neighbours in the next one, which is only read when needed.
WEEKS = (timedelta(0), timedelta(days=7))
MOST = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """``same`` is the old place if it is free; ``problem`` names why nothing can be said."""

    same: Slot | None
    near: Sequence[Slot]
    problem: str = ""


def look(organisation: Organisation, booking: Booking, *, now: datetime) -> Looked:
    """What is offered around the old time; where that has passed, from now on."""
    slots: dict[SlotKey, Slot] = {}
    found = Looked(None, (), "unreadable")
    for later in WEEKS:
        reading = _read(organisation, booking, max(booking.starts_at, now) + later, now)
        if reading is None or reading.as_of is None:
            continue
        slots |= {slotfill.key_of(slot): slot for slot in reading.slots}
        found = _among(booking, slots, now)
        if len(found.near) == MOST:
            break
    return found


def choices(
    organisation: Organisation, booking: Booking, slots: Sequence[Slot], *, now: datetime
) -> list[Alternative]:
    """The slots as buttons, each one key away."""
    snapshot = catalogue.snapshot(organisation)

    def key_of(connect_id: str) -> int | None:
        found = snapshot.resource_by_connect_id(connect_id)
        return found.pk if found else None

    return alternatives.of(slots, asked_at=booking.starts_at, resource_pk=key_of, now=now)


def _among(booking: Booking, slots: dict[SlotKey, Slot], now: datetime) -> Looked:
    place = (booking.resource.connect_id, booking.starts_at)
    there = slots.get(place)
    same = there if there and is_open(there, now) else None
    wish = Wish(booking.starts_at, booking.resource.connect_id, anyone=True)
    tried = [place] if same else []
    return Looked(same, slotfill.alternatives(wish, slots.values(), tried, now, most=MOST))


def _read(
    organisation: Organisation, booking: Booking, at: datetime, now: datetime
) -> Reading | None:
    calendar, kind = booking.calendar, booking.appointment_type
    try:
        day = availability.local_day(calendar.zone, at)
        window = availability.window_for(organisation, calendar, kind, day)
    except NoZone:
        return None
    patience = settings.AVAILABILITY_PATIENCE
    return availability.read(organisation, window, now=now, patience_seconds=patience)
