"""The rows of a rescue: what they keep of a slot, and reading them with all a page needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Prefetch, QuerySet

from bookingapp.domain import evidence
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Booking, Organisation, Rescue, RescueRow, Write
from bookingapp.domain.rescue.seats import Offer
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import TERMINAL, UNFINISHED, Kind

TOLD = (
    "booking__lead",
    "booking__appointment_type",
    "booking__resource",
    "booking__moved_to__resource",
    "write__person",
    "write__lead",
    "write__organisation",
)


def kept(slot: Slot, *, as_of: datetime | None) -> dict[str, Any]:
    """A slot as a row keeps it; ``as_of`` is when its counts were read."""
    return {"slot": msgspec.to_builtins(slot), "seen": evidence.counts(slot, as_of)}


def slot_of(row: RescueRow) -> Slot | None:
    """The slot proposed; None when nothing fitted."""
    raw = row.slot.get("slot")
    return msgspec.convert(raw, Slot) if raw else None


def offer_of(row: RescueRow) -> Offer | None:
    """The slot proposed, with the buffer of the booking's own type."""
    slot = slot_of(row)
    return _offer(row, slot) if slot else None


def promise_of(row: RescueRow) -> Offer | None:
    """The slot that its lead is to have: the one on its way, else the one proposed."""
    on_its_way = row.write is not None and row.write.state in UNFINISHED
    slot = slot_on_its_way(row.write) if on_its_way else None
    return _offer(row, slot) if slot else offer_of(row)


def find(organisation: Organisation, pk: UUID) -> Rescue | None:
    found = Rescue.objects.filter(organisation=organisation, pk=pk)
    return found.select_related("organisation", "calendar", "resource", "person").first()


def rows_of(rescue: Rescue) -> list[RescueRow]:
    """All rows by the time of their booking, in two queries however many they are."""
    every = list(loaded(rescue.rows.all()))
    put_back = [row for row in every if is_put_back(row.booking)]
    if not put_back:
        return every
    for row in put_back:
        _follow(rescue, row)
    return list(loaded(rescue.rows.all()))


def is_put_back(booking: Booking) -> bool:
    """Whether its move failed after it was deleted, and it was booked again where it was: then
    another row of ours stands for it.
    """
    again = booking.moved_to
    if booking.gone_at is None or again is None or again.gone_at is not None:
        return False
    return (again.resource_id, again.starts_at) == (booking.resource_id, booking.starts_at)


def _follow(rescue: Rescue, row: RescueRow) -> None:
    again = row.booking.moved_to
    if not rescue.rows.filter(booking=again).exists():
        RescueRow.objects.filter(pk=row.pk).update(booking=again)


def loaded(found: QuerySet[RescueRow]) -> QuerySet[RescueRow]:
    """Rows with all that tells how they stand."""
    unfinished = Write.objects.exclude(state__in=TERMINAL).select_related("person")
    changes = Prefetch("booking__changes", queryset=unfinished, to_attr="unfinished")
    return found.select_related(*TOLD).prefetch_related(changes)


def find_row(rescue: Rescue, pk: int) -> RescueRow | None:
    return next((row for row in rows_of(rescue) if row.pk == pk), None)


def agreed_elsewhere(rescue: Rescue) -> list[RescueRow]:
    """What leads were promised in other rescues and is still to come."""
    others = RescueRow.objects.filter(
        rescue__organisation=rescue.organisation,
        answer=RescueRow.Answer.AGREED,
        booking__gone_at=None,
    ).exclude(rescue=rescue)
    return list(others.select_related("booking__appointment_type", "write"))


def _offer(row: RescueRow, slot: Slot) -> Offer:
    return Offer(slot, row.booking.appointment_type.buffer_minutes or 0)


def slot_on_its_way(write: Write | None) -> Slot | None:
    """The slot that a move is about to take; None for anything else."""
    if write is None or write.kind != Kind.RESCHEDULE or "slot" not in write.payload:
        return None
    return booking_slot.chosen(write)[0]
