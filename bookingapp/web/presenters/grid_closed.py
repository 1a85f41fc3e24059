"""Why a cell is closed, and the next time that works. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bookingapp.domain.slots import Slot, SlotRef, is_open
from bookingapp.web.presenters import grid_cell, grid_clock
from bookingapp.web.presenters.grid import Question

FULL, BLOCKED, PAST = grid_cell.FULL, grid_cell.BLOCKED, grid_cell.PAST
# Connect lists it, with seats, and does not offer it: a buffer or a rule of its own.
WITHHELD = "withheld"
# Connect lists nothing at this time.
NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the codes above. ``until`` (UTC) is when the blocker ends."""

    code: str
    booked: int = 0
    capacity: int = 0
    blocker: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """What works instead: somebody else at the same time, and the next time after it."""

    same_time: Slot | None
    later: Slot | None


def reason(slots: Sequence[Slot], question: Question, ref: SlotRef, now: datetime) -> Reason:
    """Why nothing can be booked at ``ref``; ``slots`` are those of the cell."""
    if ref.starts_at <= now:
        return Reason(PAST)
    cell = grid_cell.cell_of(slots, question.closures, now)
    if cell.state == grid_cell.FULL:
        return Reason(FULL, booked=cell.booked, capacity=cell.capacity)
    closure = _closure(slots, question, ref)
    if closure:
        return Reason(BLOCKED, blocker=closure.name, until=closure.ends_at)
    return Reason(WITHHELD if slots else NOT_OFFERED)


def ways(slots: Sequence[Slot], starts_at: datetime, resource_id: str, now: datetime) -> Ways:
    """``slots`` are the whole reading's, sorted; ``resource_id`` is "" when anyone will do."""
    same = next(
        (slot for slot in slots if slot.starts_at == starts_at and is_open(slot, now)), None
    )
    after = max(starts_at, now)
    later = next(
        (
            slot
            for slot in slots
            if slot.starts_at > after
            and is_open(slot, now)
            and resource_id in {"", slot.resource_id}
        ),
        None,
    )
    return Ways(same, later)


def _closure(slots: Sequence[Slot], question: Question, ref: SlotRef) -> grid_cell.Closure | None:
    for slot in slots:
        found = grid_cell.blocker_of(slot, question.closures)
        if found:
            return found
    own = next((one.connect_id for one in question.resources if one.pk == ref.resource_pk), None)
    ends_at = ref.starts_at + grid_clock.MINUTE
    covering = (one for one in question.closures if one.covers(own, ref.starts_at, ends_at))
    return next(covering, None) if not slots else None
