"""How much work waits for Connect in one organisation, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from bookingapp.domain.models import Organisation, Write
from bookingapp.domain.states import PAUSES, State


@dataclass(frozen=True, slots=True)
class Queue:
    """Unfinished writes that no person has to do anything about.

    ``ready``: could be taken now; ``oldest_at``: since when the oldest of them could (UTC).
    ``later``: wait for a time or for each other; ``paused``: wait for a token; ``sending``: on
    their way, or being looked after; ``held``: inside their undo window.
    """

    ready: int
    oldest_at: datetime | None
    later: int
    paused: int
    sending: int
    held: int

    @property
    def depth(self) -> int:
        return self.ready + self.later + self.paused + self.sending + self.held


def of(organisation: Organisation, *, now: datetime) -> Queue:
    """One query."""
    taken = Q(lease_until__gt=now) | Q(state=State.SENDING)
    paused = Q(state=State.WAITING, reason__in=PAUSES, due_at=None)
    ready = Q(state__in=[State.DUE, State.WAITING, State.CHECKING], due_at__lte=now) & ~taken
    waits = Q(state__in=[State.DUE, State.WAITING, State.CHECKING]) & ~taken & ~paused
    found = Write.objects.filter(organisation=organisation).filter(
        state__in=[State.HELD, State.DUE, State.SENDING, State.WAITING, State.CHECKING]
    )
    counts = found.aggregate(
        ready=Count("pk", filter=ready),
        oldest_at=Min("due_at", filter=ready),
        waits=Count("pk", filter=waits),
        paused=Count("pk", filter=paused),
        sending=Count("pk", filter=taken),
        held=Count("pk", filter=Q(state=State.HELD) & ~taken),
    )
    later = counts.pop("waits") - counts["ready"]
    return Queue(later=later, **counts)
