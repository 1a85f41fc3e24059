"""Slots as the desk handles them, and the short reference by which a page names one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bookingapp import connect

Slot = connect.Slot

_SHAPE = re.compile(r"(\d{8}T\d{6}Z)-(\d{1,18})")
_STAMP = "%Y%m%dT%H%M%SZ"

ANYONE = 0
# Far from where dates end, so that a forged reference overflows no sum of a start and a length.
YEARS = range(2000, 2201)


def seats_left(slot: Slot) -> int:
    """Seats nobody has taken; never below zero, whatever Connect counts."""
    return max(slot.capacity - slot.booked, 0)


def is_open(slot: Slot, now: datetime) -> bool:
    """Whether Connect offers it, somebody still fits in, and it has not begun."""
    return slot.available and seats_left(slot) > 0 and slot.starts_at > now


@dataclass(frozen=True, slots=True)
class SlotRef:
    """A slot's place in a window: its start (aware UTC) and our resource row, 0 for anyone."""

    starts_at: datetime
    resource_pk: int = ANYONE

    def __str__(self) -> str:
        return f"{self.starts_at.astimezone(UTC):{_STAMP}}-{self.resource_pk}"

    @classmethod
    def parse(cls, text: str) -> SlotRef:
        """Raises ValueError when the text is not a reference, or its year not one of YEARS."""
        match = _SHAPE.fullmatch(text)
        if not match:
            raise ValueError("not a slot reference")
        starts_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
        if starts_at.year not in YEARS:
            raise ValueError("nothing is offered that far from today")
        return cls(starts_at, int(match[2]))
