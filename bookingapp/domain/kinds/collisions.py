"""When a booking stands in its own way: both places cannot be held at once. Pure (design 4.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from bookingapp.domain.kinds.old_booking import Old
from bookingapp.domain.slots import Slot


def in_the_way(kept: dict[str, Any], slot: Slot, *, buffer_minutes: int) -> bool:
    """Whether ``slot`` is full only because the kept booking, or the buffer after one of the two,
    takes its last seat.
    """
    old = msgspec.convert(kept, Old)
    if slot.resource_id != old.resource_id or not overlaps(old, slot, buffer_minutes):
        return False
    return slot.capacity > 0 and slot.booked == slot.capacity


def overlaps(old: Old, slot: Slot, buffer_minutes: int) -> bool:
    """On the same resource; each keeps its seat for ``buffer_minutes`` after its end."""
    return _meets(old.starts_at, old.ends_at, slot.starts_at, slot.ends_at, buffer_minutes)


def _meets(
    start: datetime, end: datetime, other_start: datetime, other_end: datetime, minutes: int
) -> bool:
    buffer = timedelta(minutes=minutes)
    return start < other_end + buffer and other_start < end + buffer
