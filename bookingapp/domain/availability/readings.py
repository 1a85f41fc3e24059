"""A reading: the slots Connect offered for a window, as of a moment. Pure."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bookingapp.domain.availability.windows import Window
from bookingapp.domain.slots import Slot, seats_left

MOST_SLOTS = 20_000
_LARGEST_BODY = 16_000_000

Slots = tuple[Slot, ...]
# Resource id, name, colour, slot id, appointment type id; empty where Connect gave none.
_Who = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a window.

    ``as_of`` (UTC) is when Connect was asked: nothing here is older. None: it was never read.
    ``slots`` are sorted by start, then resource name. ``version`` names their content. ``problem``
    is "" or why the newest try failed (see problems.py); the next one is due at ``next_try_at``.
    """

    as_of: datetime | None
    slots: Slots = ()
    version: str = ""
    problem: str = ""
    next_try_at: datetime | None = None


def age_seconds(reading: Reading, now: datetime) -> float | None:
    """Seconds since Connect was asked, never below 0 as clocks differ; None: it never answered."""
    if reading.as_of is None:
        return None
    return max((now - reading.as_of).total_seconds(), 0.0)


def arrange(slots: Iterable[Slot], window: Window) -> Slots:
    """The window's own slots, each once, sorted, at most MOST_SLOTS of them."""
    starts_at, ends_at = window.starts_at, window.ends_at
    once: dict[tuple[str, datetime, datetime, str | None], Slot] = {}
    for slot in slots:
        if not starts_at <= slot.starts_at < ends_at:
            continue
        key = (slot.resource_id, slot.starts_at, slot.ends_at, slot.resource_slot_id)
        known = once.get(key)
        # Of two accounts of one slot the one with fewer seats promises nothing false.
        if known is None or _promise(slot) < _promise(known):
            once[key] = slot
    return tuple(sorted(once.values(), key=_order)[:MOST_SLOTS])


def _promise(slot: Slot) -> tuple[int, bool, int, int, _Who]:
    """Least first. Beyond the seats only so that the order they came in decides nothing."""
    return seats_left(slot), slot.available, slot.capacity, -slot.booked, _who(slot)


def _order(slot: Slot) -> tuple[datetime, str, datetime, _Who]:
    return slot.starts_at, slot.resource_name, slot.ends_at, _who(slot)


class _Row(msgspec.Struct, array_like=True, frozen=True, gc=False):
    who: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    booked: int
    available: bool


class _Packed(msgspec.Struct, array_like=True, frozen=True):
    """The texts of a week repeat: each combination is kept once, the rows point at it."""

    who: list[_Who]
    rows: list[_Row]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)


def pack(slots: Slots) -> tuple[str, bytes]:
    """A version that names the content, and the slots as few bytes: 1,400 are about 5 KB."""
    who: dict[_Who, int] = {}
    rows = [
        _Row(
            who.setdefault(_who(slot), len(who)),
            slot.starts_at,
            slot.ends_at,
            slot.capacity,
            slot.booked,
            slot.available,
        )
        for slot in slots
    ]
    plain = _encoder.encode(_Packed(list(who), rows))
    return hashlib.blake2b(plain, digest_size=8).hexdigest(), zlib.compress(plain, 1)


def unpack(body: bytes) -> Slots:
    """What ``pack`` packed. Raises ValueError for anything else."""
    try:
        plain = zlib.decompressobj().decompress(body, _LARGEST_BODY)
        packed = _decoder.decode(plain)
        return tuple(_slot(packed.who[row.who], row) for row in packed.rows)
    except (zlib.error, msgspec.DecodeError, IndexError) as error:
        raise ValueError("not packed slots") from error


def _who(slot: Slot) -> _Who:
    return (
        slot.resource_id,
        slot.resource_name,
        slot.resource_colour,
        slot.resource_slot_id or "",
        slot.appointment_type_id or "",
    )


def _slot(who: _Who, row: _Row) -> Slot:
    resource_id, name, colour, resource_slot_id, appointment_type_id = who
    return Slot(
        resource_id=resource_id,
        resource_name=name,
        resource_colour=colour,
        resource_slot_id=resource_slot_id or None,
        appointment_type_id=appointment_type_id or None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        booked=row.booked,
        available=row.available,
    )
