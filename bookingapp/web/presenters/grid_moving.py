"""The grid while a booking is moved: where it is, and what it alone keeps closed. Pure.

Its own place cannot be chosen. A slot whose last seat it takes (or the buffer after it) can.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from bookingapp.domain.slots import Slot
from bookingapp.web.presenters import grid_cell
from bookingapp.web.presenters.grid_cell import Cell, Closure


@dataclass(frozen=True)
class Place:
    """Where the booking is now. ``frees`` says whether a slot opens once it moves away.

    In the grid of another appointment type its very time is another place, too.
    """

    resource_id: str
    resource_name: str
    starts_at: datetime
    ends_at: datetime
    frees: Callable[[Slot], bool]
    is_same_type: bool = True

    def is_here(self, slot: Slot) -> bool:
        """Whether the slot is the booking's own, which is no other place."""
        if not self.is_same_type:
            return False
        return slot.starts_at == self.starts_at and slot.resource_id == self.resource_id


def elsewhere(place: Place, slots: Sequence[Slot]) -> list[Slot]:
    """Those that would be another place."""
    return [slot for slot in slots if not place.is_here(slot)]


def freed(place: Place, slots: Sequence[Slot], closures: Sequence[Closure]) -> list[Slot]:
    """Those that open once the booking moves, and are closed for no other reason."""
    return [
        slot
        for slot in elsewhere(place, slots)
        if place.frees(slot) and not grid_cell.blocker_of(slot, closures)
    ]


def choosable(
    place: Place, slots: Sequence[Slot], closures: Sequence[Closure], now: datetime
) -> list[Slot]:
    """Where the booking may go: what is open, emptiest first, then what it frees itself."""
    others = elsewhere(place, slots)
    free = grid_cell.open_slots(others, now)
    opening = [slot for slot in freed(place, others, closures) if slot.starts_at > now]
    return [*free, *(slot for slot in opening if slot not in free)]


def cell_of(
    place: Place, slots: Sequence[Slot], closures: Sequence[Closure], now: datetime
) -> Cell:
    """As ``grid_cell.cell_of``, seen by somebody who moves the booking of ``place``."""
    others = elsewhere(place, slots)
    is_here = len(others) < len(slots)
    if not others:
        return Cell(grid_cell.HERE, is_here=True) if is_here else grid_cell.EMPTY
    cell = grid_cell.cell_of(others, closures, now)
    if not cell.is_open and cell.state != grid_cell.PAST:
        opening = len(freed(place, others, closures))
        cell = Cell(grid_cell.FREED, opening, resources=opening) if opening else cell
    return replace(cell, is_here=True) if is_here else cell


def with_place(place: Place, slots: Sequence[Slot]) -> Sequence[Slot]:
    """``slots`` (sorted by start) with the booking's own one, which Connect may leave out."""
    if not place.is_same_type:
        return slots
    at = bisect_left(slots, place.starts_at, key=attrgetter("starts_at"))
    for slot in slots[at:]:
        if slot.starts_at != place.starts_at:
            break
        if place.is_here(slot):
            return slots
    return [*slots[:at], _own(place), *slots[at:]]


def _own(place: Place) -> Slot:
    return Slot(
        resource_id=place.resource_id,
        resource_name=place.resource_name,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        capacity=1,
        booked=1,
        available=False,
    )
