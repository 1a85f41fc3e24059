"""The gap filler: a slot that a cancel or a move has freed, and the leads that fit it.

Offered only while the slot is open in availability read just now. A lead with a later booking of
the type is moved (its old one goes), never given a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings

from bookingapp.domain import availability, bookings, changes, fitting, leads, rescheduling
from bookingapp.domain.errors import DomainError, Invalid, SlotGone
from bookingapp.domain.models import Booking, Organisation, Write
from bookingapp.domain.slots import Slot, SlotRef, is_open


class Standing(StrEnum):
    """How the freed slot stands."""

    OPEN = "open"
    STANDS = "stands"  # the booking is not gone (yet)
    PAST = "past"
    TAKEN = "taken"  # full again, or no longer offered
    UNSEEN = "unseen"  # availability cannot be read right now


@dataclass(frozen=True, slots=True)
class Gap:
    """``slot`` and ``as_of`` (UTC) only where availability was read."""

    booking: Booking
    standing: Standing
    slot: Slot | None = None
    as_of: datetime | None = None

    @property
    def ref(self) -> SlotRef:
        return SlotRef(self.booking.starts_at, self.booking.resource_id)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row of the page: ``move_pk`` is the later booking it said would go, if it named one."""

    intent: UUID
    lead_pk: UUID
    move_pk: UUID | None = None


class Changed(DomainError):
    """What the lead has booked is not what the page showed; nothing was asked for."""

    code = "changed"


def look(booking: Booking, *, now: datetime) -> Gap:
    """How the slot of ``booking`` stands; asks Connect where our reading is older than soft."""
    if booking.gone_at is None:
        return Gap(booking, Standing.STANDS)
    if booking.starts_at <= now:
        return Gap(booking, Standing.PAST)
    reading = _reading(booking, now=now)
    if reading is None or reading.as_of is None or reading.problem:
        return Gap(booking, Standing.UNSEEN)
    slot = next((one for one in reading.slots if _is_its(booking, one)), None)
    standing = Standing.OPEN if slot and is_open(slot, now) else Standing.TAKEN
    return Gap(booking, standing, slot, reading.as_of)


def fill(
    organisation: Organisation, person: Any, gap: Gap, chosen: Chosen, *, now: datetime
) -> Write:
    """Ask for the slot for the chosen lead: a booking, or the move of its later one.

    Raises SlotGone when it is not open, Changed, Invalid, and what bookings.ask and
    rescheduling.ask raise.
    """
    if known := _same_intent(organisation, chosen):
        return known
    if gap.standing != Standing.OPEN:
        raise SlotGone
    lead = leads.find(organisation, chosen.lead_pk)
    if lead is None:
        raise Invalid({"lead": "unknown_lead"})
    has = fitting.upcoming_of(gap.booking, [lead.pk], now=now).get(lead.pk, [])
    shown: set[UUID | None] = {one.booking.pk for one in has} or {None}
    if chosen.move_pk not in shown:
        raise Changed
    place = (gap.booking.calendar_id, gap.booking.appointment_type_id, gap.ref)
    if chosen.move_pk is None:
        wanted = bookings.Asked(chosen.intent, *place, lead=lead)
        return bookings.ask(organisation, person, wanted, now=now)[0]
    moved = rescheduling.AskedMove(chosen.intent, chosen.move_pk, *place)
    return rescheduling.ask(organisation, person, moved, now=now)[0]


def find(organisation: Organisation, pk: UUID) -> Booking:
    """Raises changes.NoSuchBooking."""
    return changes.find(organisation, pk)


def _same_intent(organisation: Organisation, chosen: Chosen) -> Write | None:
    """A key pressed twice: the slot is taken by then, by this very write."""
    known = Write.objects.filter(
        organisation=organisation, intent=chosen.intent, lead=chosen.lead_pk
    )
    return known.exclude(kind="create_lead").first()


def _reading(booking: Booking, *, now: datetime) -> availability.Reading | None:
    calendar, kind = booking.calendar, booking.appointment_type
    try:
        day = availability.local_day(calendar.zone, booking.starts_at)
        window = availability.window_for(booking.organisation, calendar, kind, day)
    except availability.NoZone:
        return None
    return availability.read(
        booking.organisation,
        window,
        now=now,
        patience_seconds=settings.AVAILABILITY_PATIENCE,
        refresh=True,
    )


def _is_its(booking: Booking, slot: Slot) -> bool:
    same_time = slot.starts_at == booking.starts_at
    return same_time and slot.resource_id == booking.resource.connect_id
