"""The slots a person may choose from when theirs was taken, each one key away. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bookingapp.domain.slots import Slot, SlotRef, is_open, seats_left


@dataclass(frozen=True, slots=True)
class Alternative:
    """``key`` is what to press; ``minutes_apart`` from the time asked for, negative if earlier."""

    key: str
    ref: str
    starts_at: datetime
    ends_at: datetime
    resource_name: str
    resource_colour: str
    seats: int
    minutes_apart: int

    @property
    def minutes_earlier(self) -> int:
        return -self.minutes_apart

    @property
    def is_same_time(self) -> bool:
        return self.minutes_apart == 0


def of(
    slots: Iterable[Slot],
    *,
    asked_at: datetime,
    resource_pk: Callable[[str], int | None],
    now: datetime,
) -> list[Alternative]:
    """In the order given. Left out: a resource we do not know, and what has begun meanwhile."""
    known = ((slot, resource_pk(slot.resource_id)) for slot in slots if is_open(slot, now))
    offered = [(slot, pk) for slot, pk in known if pk is not None]
    return [
        _alternative(str(number), slot, pk, asked_at)
        for number, (slot, pk) in enumerate(offered, start=1)
    ]


def _alternative(key: str, slot: Slot, pk: int, asked_at: datetime) -> Alternative:
    return Alternative(
        key=key,
        ref=str(SlotRef(slot.starts_at, pk)),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        resource_name=slot.resource_name or slot.resource_id,
        resource_colour=slot.resource_colour,
        seats=seats_left(slot),
        minutes_apart=round((slot.starts_at - asked_at).total_seconds() / 60),
    )
