"""What the counts of a slot prove about a booking whose answer was lost (design 4.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from bookingapp.domain.slots import Slot, is_open


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


class Conflicting(StrEnum):
    TAKEN = "taken"  # others have the slot
    MAY_BE_OURS = "may_be_ours"  # somebody more has it, or it cannot be seen
    OPEN = "open"  # nobody more has it, and it is open all the same


def of_conflict(
    slot: Slot | None, *, before: int | None, says_taken: bool, now: datetime
) -> Conflicting:
    """What a 409 on a booking means. Something in between may have sent it twice: then the first
    was booked, and the conflict is with ourselves.

    ``before`` is how many had the slot when it was chosen, where that is known.
    """
    if says_taken and not (slot and is_open(slot, now)):
        return Conflicting.TAKEN
    if slot is None or before is None or slot.booked > before:
        return Conflicting.MAY_BE_OURS
    return Conflicting.OPEN if is_open(slot, now) else Conflicting.TAKEN


def counts(slot: Slot | None, as_of: datetime | None) -> dict[str, Any]:
    """The numbers as a row keeps them."""
    seen = as_of.isoformat() if as_of else None
    if slot is None:
        return {"listed": False, "as_of": seen}
    return {"listed": True, "booked": slot.booked, "capacity": slot.capacity, "as_of": seen}
