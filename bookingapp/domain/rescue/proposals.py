"""Where the bookings of an ill resource could go: the nearest time, each on its own seat. Pure.

A proposal is only shown: nothing moves before a person has said so (design law 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bookingapp.domain.rescue.seats import Offer, Seats
from bookingapp.domain.slots import Slot, is_open, seats_left

# Nobody who is called now can be there in less.
NOTICE = timedelta(minutes=30)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Move:
    """A booking that must go elsewhere. ``who`` names its lead ("": we know none), ``pool`` the
    offers it may take from; ``busy`` are the lead's other appointments (UTC).
    """

    key: int
    who: str
    pool: str
    starts_at: datetime
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """A resource that cannot be proposed between two instants (UTC)."""

    resource_id: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, slot: Slot) -> bool:
        is_theirs = slot.resource_id == self.resource_id
        return is_theirs and slot.starts_at < self.ends_at and slot.ends_at > self.starts_at


def usable(
    offers: Iterable[Offer], *, ill: str, closed: Sequence[Closed], now: datetime
) -> list[Offer]:
    """What may be proposed at all: open, late enough to tell the lead, with nobody who is ill."""
    return [
        offer
        for offer in offers
        if offer.slot.resource_id != ill
        and is_open(offer.slot, now + NOTICE)
        and not any(one.covers(offer.slot) for one in closed)
    ]


def propose(
    moves: Iterable[Move], pools: Mapping[str, Sequence[Offer]], seats: Seats
) -> dict[int, Offer]:
    """One offer for each move that finds one, by its key; ``seats`` knows them afterwards.

    Who has the earlier appointment chooses first.
    """
    found: dict[int, Offer] = {}
    for move in sorted(moves, key=lambda one: (one.starts_at, one.key)):
        offer = next(_fitting(move, pools.get(move.pool, ()), seats), None)
        if offer is not None:
            seats.take(offer, move.who)
            found[move.key] = offer
    return found


def nearest(move: Move, offers: Sequence[Offer], seats: Seats, *, most: int) -> list[Offer]:
    """The nearest few that this move could take, beside what the others were promised."""
    return list(islice(_fitting(move, offers, seats), most))


def _fitting(move: Move, offers: Sequence[Offer], seats: Seats) -> Iterator[Offer]:
    by_distance = sorted(offers, key=lambda offer: _distance(move, offer.slot))
    for offer in by_distance:
        if not _clashes(offer.slot, move.busy) and seats.fits(offer, move.who):
            yield offer


def _clashes(slot: Slot, busy: Iterable[Span]) -> bool:
    return any(slot.starts_at < ends_at and slot.ends_at > starts_at for starts_at, ends_at in busy)


def _distance(move: Move, slot: Slot) -> tuple[timedelta, datetime, int, str, str]:
    """Nearest time first, the earlier of two, then where most seats are left; names break ties."""
    away = abs(slot.starts_at - move.starts_at)
    return away, slot.starts_at, -seats_left(slot), slot.resource_name, slot.resource_id
