"""What became of one telling, gathered while it is applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from bookingapp.domain.models import Booking, Delivery, Lead, Write


@dataclass(slots=True)
class Outcome:
    """``changed`` holds codes, ``problem`` one code, perhaps with a colon and what it is about;
    ``freed`` are writes that may go on.
    """

    changed: list[str] = field(default_factory=list)
    problem: str = ""
    is_older: bool = False
    is_ignored: bool = False
    lead: Lead | None = None
    booking: Booking | None = None
    write: Write | None = None
    freed: list[UUID] = field(default_factory=list)

    @property
    def result(self) -> Delivery.Result:
        if self.changed:
            return Delivery.Result.APPLIED
        if self.is_ignored or self.problem:
            return Delivery.Result.IGNORED
        return Delivery.Result.OLDER if self.is_older else Delivery.Result.UNCHANGED

    def settled(self, write: Write, freed: list[UUID]) -> None:
        self.write = write
        self.freed.extend(freed)
        self.changed.append("write_settled")
