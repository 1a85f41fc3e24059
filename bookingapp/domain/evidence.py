"""What the counts of a slot prove about a booking whose answer was lost (design 4.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from bookingapp.domain.slots import Slot


class Verdict(StrEnum):
    ABSENT = "absent"  # nothing is booked there: it did not happen
    WAIT = "wait"  # nothing is booked there yet, but the call may still be running
    CANNOT_TELL = "cannot_tell"  # somebody is booked there, or the slot is no longer listed


def find(
    slots: Iterable[Slot], *, resource_id: str, starts_at: datetime, slot_id: str = ""
) -> Slot | None:
    """The slot of that resource and start; the one with the same slot id when there are several."""
    same = [s for s in slots if s.resource_id == resource_id and s.starts_at == starts_at]
    exact = [s for s in same if slot_id and s.resource_slot_id == slot_id]
    return next(iter(exact or same), None)


def weigh(slot: Slot | None, *, seconds_since: float, settle_seconds: float) -> Verdict:
    """``seconds_since`` the answer was lost. A call can finish after we stopped listening, so an
    empty slot is proof only once ``settle_seconds`` have gone by.
    """
    if slot is None or slot.booked > 0:
        return Verdict.CANNOT_TELL
    return Verdict.ABSENT if seconds_since >= settle_seconds else Verdict.WAIT


def counts(slot: Slot | None, as_of: datetime | None) -> dict[str, Any]:
    """The numbers as a row keeps them."""
    seen = as_of.isoformat() if as_of else None
    if slot is None:
        return {"listed": False, "as_of": seen}
    return {"listed": True, "booked": slot.booked, "capacity": slot.capacity, "as_of": seen}
