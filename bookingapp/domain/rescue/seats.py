"""Who may sit where: seats of a resource are shared by all slots that overlap in time. Pure.

Connect counts, for a slot, the bookings that overlap it; each booking and the slot itself last
until the end of their type's buffer (contract 5.4, 5.5).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookingapp.domain.slots import Slot, seats_left


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot, and for how long its seat stays taken after the appointment."""

    slot: Slot
    buffer_minutes: int = 0

    @property
    def until(self) -> datetime:
        """When (UTC) the seat is free again."""
        return self.slot.ends_at + timedelta(minutes=self.buffer_minutes)

    def shares_a_seat_with(self, other: Offer) -> bool:
        """Whether both need a seat of the same resource at the same moment."""
        return (
            self.slot.resource_id == other.slot.resource_id
            and self.slot.starts_at < other.until
            and other.slot.starts_at < self.until
        )


class Seats:
    """The seats promised so far, and to whom. All of them can be booked, in any order."""

    def __init__(self) -> None:
        self._promised: defaultdict[str, list[Offer]] = defaultdict(list)
        self._times: defaultdict[str, list[Slot]] = defaultdict(list)

    def take(self, offer: Offer, who: str = "") -> None:
        """Promise it to a lead; ``who`` is empty when we know none."""
        self._promised[offer.slot.resource_id].append(offer)
        if who:
            self._times[who].append(offer.slot)

    def fits(self, offer: Offer, who: str = "") -> bool:
        """Whether a seat is left for it and for everybody promised one beside it, and the lead is
        not promised to be elsewhere then.
        """
        near = self._near(offer)
        if len(near) >= seats_left(offer.slot) or self._is_promised_elsewhere(offer.slot, who):
            return False
        # Each of them counts itself, and now the new one as well.
        return all(len(self._near(other)) < seats_left(other.slot) for other in near)

    def _near(self, offer: Offer) -> list[Offer]:
        promised = self._promised[offer.slot.resource_id]
        return [other for other in promised if other.shares_a_seat_with(offer)]

    def _is_promised_elsewhere(self, slot: Slot, who: str) -> bool:
        times = self._times.get(who, ()) if who else ()
        return any(slot.starts_at < one.ends_at and one.starts_at < slot.ends_at for one in times)
