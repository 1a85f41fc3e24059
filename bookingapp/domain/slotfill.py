"""Slot fill (design law 6): which slot may be tried when the one asked for is gone. Pure.

Nobody's appointment moves to another time without a person saying so: the same time with another
resource only if they chose anyone, a nearby time only if they ticked it for this booking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookingapp.domain.slots import Slot, is_open, seats_left

SlotKey = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: the time, the resource (empty: none in particular), the leeway."""

    starts_at: datetime
    resource_id: str
    anyone: bool
    nearby_minutes: int = 0


def key_of(slot: Slot) -> SlotKey:
    return slot.resource_id, slot.starts_at


def next_candidate(
    wish: Wish, slots: Iterable[Slot], tried: Collection[SlotKey], now: datetime
) -> Slot | None:
    """The best open slot that the wish allows, or None: then a person must choose."""
    allowed = [slot for slot in _untried(slots, tried, now) if _allows(wish, slot)]
    return min(allowed, key=lambda slot: _distance(wish, slot), default=None)


def alternatives(
    wish: Wish, slots: Iterable[Slot], tried: Collection[SlotKey], now: datetime, *, most: int = 3
) -> list[Slot]:
    """The nearest open slots for a person to choose from, one per time and resource."""
    nearest = sorted(_untried(slots, tried, now), key=lambda slot: _distance(wish, slot))
    return nearest[:most]


def _allows(wish: Wish, slot: Slot) -> bool:
    same_resource = not wish.resource_id or slot.resource_id == wish.resource_id
    if not (same_resource or wish.anyone):
        return False
    return abs(slot.starts_at - wish.starts_at) <= timedelta(minutes=wish.nearby_minutes)


def _untried(slots: Iterable[Slot], tried: Collection[SlotKey], now: datetime) -> Iterable[Slot]:
    return (slot for slot in slots if key_of(slot) not in tried and is_open(slot, now))


def _distance(wish: Wish, slot: Slot) -> tuple[timedelta, bool, int, str, datetime]:
    """Nearest time first, then the resource asked for, then the emptiest; names break ties."""
    return (
        abs(slot.starts_at - wish.starts_at),
        slot.resource_id != wish.resource_id,
        -seats_left(slot),
        slot.resource_name,
        slot.starts_at,
    )
