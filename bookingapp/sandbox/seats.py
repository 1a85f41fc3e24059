"""Taking a seat: the capacity is counted and the booking made in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bookingapp.sandbox import events, ids, locks, offers
from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.errors import Refusal, invalid
from bookingapp.sandbox.models import AppointmentType, Booking, Calendar, Lead, Resource
from bookingapp.sandbox.switches import board


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book; resource and type are absent in legacy organisations only."""

    calendar: Calendar
    resource: Resource | None
    type: AppointmentType | None
    starts_at: datetime
    ends_at: datetime
    slot_id: str = ""
    lead: Lead | None = None
    name: str = ""
    schedule_type: str = ""
    schedule_type_slot: str = ""


def take(
    catalogue: Catalogue, wish: Wish, *, now: datetime, source: str, token_id: str | None = None
) -> Booking:
    """The booking; Refusal 400 when the slot is full, blocked, or not offered (section 8.1)."""
    with locks.WRITE, transaction.atomic():
        slot_id = _free_slot(catalogue, wish)
        booking = _booking(catalogue, wish, slot_id, now, source)
        booking.save(force_insert=True)
        events.booked(catalogue, booking, now, token_id)
    return booking


def fill(catalogue: Catalogue, wish: Wish, *, now: datetime) -> int:
    """Somebody else takes every seat that is left; how many those were."""
    other = Wish(wish.calendar, wish.resource, wish.type, wish.starts_at, wish.ends_at,
        wish.slot_id, name="somebody else")  # fmt: skip
    taken = 0
    with locks.WRITE:
        try:
            while True:
                take(catalogue, other, now=now, source="stolen")
                taken += 1
        except Refusal:
            return taken


def give_back(
    catalogue: Catalogue, booking: Booking, *, now: datetime, token_id: str | None = None
) -> None:
    """Deleted for good; 404 when somebody else was faster."""
    with locks.WRITE, transaction.atomic():
        gone, _ = Booking.objects.filter(pk=booking.pk).delete()
        if not gone:
            raise Refusal(404, "Booking not found")
        events.deleted(catalogue, booking, now, token_id)


def is_full() -> Refusal:
    return Refusal(int(board["booking.full_status"]), board["booking.full_message"])


def _free_slot(catalogue: Catalogue, wish: Wish) -> str:
    if wish.resource is None or wish.type is None:
        _check_legacy(wish)
        return ""
    offer = _offer(catalogue, wish, wish.type, wish.resource)
    if offer is not None:
        if not offer.is_free:
            raise is_full()
        return offer.slot.id
    if board.is_on("booking.require_offered_slot"):
        raise invalid("startDateTime and endDateTime are not an offered slot")
    held_until = wish.ends_at + timedelta(minutes=wish.type.buffer_minutes)
    if _overlaps(wish, held_until, resource=wish.resource) >= wish.resource.capacity:
        raise is_full()
    return wish.slot_id


def _offer(
    catalogue: Catalogue, wish: Wish, kind: AppointmentType, resource: Resource
) -> offers.Offer | None:
    if resource.id not in catalogue.resources_for(kind.id):
        return None
    start = int(wish.starts_at.timestamp())
    for step_seconds in (kind.step_minutes * 60, 300):
        # An availability asked for with stepLength offers finer starts than the type's own.
        question = offers.Question(wish.calendar, kind, frozenset({resource.id}), start,
            start + 1, step_seconds)  # fmt: skip
        found = _matching(offers.ask(catalogue, question), wish)
        if found is not None:
            return found
    return None


def _matching(found: list[offers.Offer], wish: Wish) -> offers.Offer | None:
    """The offer wished for; of several windows over the same time, a free one first."""
    same = [
        offer
        for offer in found
        if offer.end == wish.ends_at.timestamp() and wish.slot_id in {"", offer.slot.id}
    ]
    return max(same, key=lambda offer: offer.is_free, default=None)


def _check_legacy(wish: Wish) -> None:
    if _overlaps(wish, wish.ends_at, calendar=wish.calendar, resource=None) >= 1:
        raise is_full()


def _overlaps(wish: Wish, until: datetime, **where: object) -> int:
    rows = Booking.objects.filter(starts_at__lt=until, held_until__gt=wish.starts_at, **where)
    return rows.count()


def _booking(catalogue: Catalogue, wish: Wish, slot_id: str, now: datetime, source: str) -> Booking:
    buffer = timedelta(minutes=wish.type.buffer_minutes if wish.type else 0)
    return Booking(
        id=ids.fresh("booking", board["id.style"]), organisation=catalogue.organisation,
        calendar=wish.calendar, resource=wish.resource, appointment_type=wish.type,
        slot=catalogue.slots.get(slot_id), lead=wish.lead, starts_at=wish.starts_at,
        ends_at=wish.ends_at, held_until=wish.ends_at + buffer, name=wish.name, source=source,
        schedule_type=wish.schedule_type, schedule_type_slot=wish.schedule_type_slot,
        created_at=now,
    )  # fmt: skip
