"""What one cell of the grid says, and which slots are in it. Pure.

A cell holds the slots of one start: of one resource, or of everybody when anyone will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bookingapp.domain.slots import Slot, SlotRef, is_open, seats_left

if TYPE_CHECKING:
    from bookingapp.domain.availability import Reading
    from bookingapp.domain.catalogue import Snapshot

FREE, LAST, FULL = "free", "last", "full"
BLOCKED, PAST, CLOSED, NONE = "blocked", "past", "closed", "none"
# While a booking looks for another time: its own place, and one that opens once it moves.
HERE, FREED = "here", "freed"
OPEN = frozenset({FREE, LAST, FREED})


@dataclass(frozen=True, slots=True)
class Closure:
    """A blocker as the grid sees it; without a resource it closes all of them. Half-open, UTC."""

    name: str
    resource_id: str | None
    starts_at: datetime
    ends_at: datetime

    def covers(self, resource_id: str | None, starts_at: datetime, ends_at: datetime) -> bool:
        mine = self.resource_id is None or self.resource_id == resource_id
        return mine and self.starts_at < ends_at and self.ends_at > starts_at


@dataclass(frozen=True, slots=True)
class Cell:
    """``left`` and ``capacity`` count seats; ``resources`` how many resources are free.

    ``is_here``: one of its slots is the place of the booking that is being moved.
    """

    state: str
    left: int = 0
    booked: int = 0
    capacity: int = 0
    resources: int = 0
    blocker: str = ""
    is_here: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


EMPTY = Cell(NONE)


def cell_of(slots: Sequence[Slot], closures: Sequence[Closure], now: datetime) -> Cell:
    """The cell of slots that all start together; ``EMPTY`` when there are none."""
    left = capacity = resources = 0
    if not slots:
        return EMPTY
    if slots[0].starts_at <= now:
        return Cell(PAST)
    for slot in slots:
        free = slot.capacity - slot.booked
        capacity += slot.capacity
        if slot.available and free > 0:
            left, resources = left + free, resources + 1
    if resources:
        return Cell(_open_state(left, capacity), left, 0, capacity, resources)
    return _closed(slots, closures)


def cell_slots(
    reading: Reading, snapshot: Snapshot, ref: SlotRef, resource_filter: int | None
) -> list[Slot]:
    """The slots, open or not, that start at ``ref``; a resource in it or the filter narrows them.

    ``resource_filter`` is our row's key, None for anyone.
    """
    wanted = ref.resource_pk or resource_filter
    together = [slot for slot in reading.slots if slot.starts_at == ref.starts_at]
    if not wanted:
        return together
    return [slot for slot in together if _pk(snapshot, slot.resource_id) == wanted]


def open_slots(slots: Sequence[Slot], now: datetime) -> list[Slot]:
    """Those that can be booked at ``now``, emptiest first, so that work spreads."""
    found = [slot for slot in slots if is_open(slot, now)]
    return sorted(found, key=lambda slot: (-seats_left(slot), slot.resource_name, slot.resource_id))


def blocker_of(slot: Slot, closures: Sequence[Closure]) -> Closure | None:
    """The blocker that lies over a slot."""
    for closure in closures:
        if closure.covers(slot.resource_id, slot.starts_at, slot.ends_at):
            return closure
    return None


def _closed(slots: Sequence[Slot], closures: Sequence[Closure]) -> Cell:
    """Full wins over blocked: it is what somebody may have to explain on the phone."""
    full = [slot for slot in slots if slot.booked >= slot.capacity]
    if full:
        # Connect counts every booking that overlaps, so a slot may have more of them than seats.
        booked = sum(min(s.booked, s.capacity) for s in full)
        capacity = sum(s.capacity for s in full)
        return Cell(FULL, booked=booked, capacity=capacity)
    for slot in slots if closures else ():
        closure = blocker_of(slot, closures)
        if closure:
            return Cell(BLOCKED, blocker=closure.name)
    return Cell(CLOSED)


def _open_state(left: int, capacity: int) -> str:
    """The last of several seats are worth a warning; a single seat is simply free."""
    scarce = left == 1 or left * 4 <= capacity
    return LAST if capacity > 1 and scarce else FREE


def _pk(snapshot: Snapshot, connect_id: str) -> int | None:
    found = snapshot.resource_by_connect_id(connect_id)
    return found.pk if found else None
