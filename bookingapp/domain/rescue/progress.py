"""How far a rescue has come, counted over its rows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bookingapp.domain.models import RescueRow
from bookingapp.domain.rescue.standing import ON_ITS_WAY, Standing, may_open, standing_of

NEEDS_YOU = frozenset({Standing.ASKING, Standing.STUCK, Standing.REFUSED})


@dataclass(frozen=True, slots=True)
class Progress:
    """Numbers of rows. ``total`` are all; ``ready`` were agreed and wait to be run."""

    total: int
    moved: int
    cancelled: int
    on_the_way: int
    needs_you: int
    stopped: int
    elsewhere: int
    passed: int
    ready: int
    agreed: int
    not_reached: int
    declined: int

    @property
    def settled(self) -> int:
        """Rows with which nothing is left to do."""
        return self.moved + self.cancelled + self.passed

    @property
    def left(self) -> int:
        return self.total - self.settled

    @property
    def is_moving(self) -> bool:
        return self.on_the_way > 0


def progress_of(rows: Iterable[RescueRow], now: datetime) -> Progress:
    every = list(rows)
    counts = Counter(standing_of(row, now) for row in every)
    answers = Counter(row.answer for row in every)
    return Progress(
        total=len(every),
        moved=counts[Standing.MOVED],
        cancelled=counts[Standing.CANCELLED],
        on_the_way=sum(counts[one] for one in ON_ITS_WAY),
        needs_you=sum(counts[one] for one in NEEDS_YOU),
        stopped=counts[Standing.STOPPED],
        elsewhere=counts[Standing.ELSEWHERE],
        passed=counts[Standing.PASSED],
        ready=sum(may_open(row, now) for row in every),
        agreed=answers[RescueRow.Answer.AGREED],
        not_reached=answers[RescueRow.Answer.NOT_REACHED],
        declined=answers[RescueRow.Answer.DECLINED],
    )
