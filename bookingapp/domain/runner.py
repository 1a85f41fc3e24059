"""One step of one write: claim it, let its kind do the step, say what may go on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bookingapp.domain import attempts, followers, journal, sweeping
from bookingapp.domain.kinds import kind_of
from bookingapp.domain.models import Write
from bookingapp.domain.states import Outcome, Reason, State

logger = logging.getLogger(__name__)

# Longer waits are left to the sweep, well below what a broker takes for a lost message.
SOON = 300.0


class Sweeping(Protocol):
    """What the sweep does to one write."""

    def __call__(self, write: Write, /, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Nudge:
    """A write to look at again, in so many seconds."""

    write_id: UUID
    seconds: float = 0.0


def run(write_id: UUID, *, now: datetime | None = None) -> list[Nudge]:
    """Take one step of this write if it is due and nobody else has it; returns whom to wake."""
    now = now or timezone.now()
    write = journal.claim(write_id, now=now)
    if write is None:
        return []
    kind = kind_of(write.kind)
    step = kind.check if write.state == State.CHECKING else kind.send
    try:
        freed = step(write, now=now)
    except journal.Lost:
        logger.info("write was taken over", extra={"write": str(write_id)})
        return []
    except Exception:
        # A fault of ours must not repeat a call, nor hide: what may have been sent is unsure.
        logger.exception("a step of a write failed", extra={"write": str(write_id)})
        _park(write_id, now=timezone.now())
        return []
    return [Nudge(pk) for pk in freed] + _own(write)


def sweep(*, now: datetime) -> list[Nudge]:
    """What was missed: lost workers, due retries, writes whose nudge never arrived."""
    for write in sweeping.expired(now):
        _each(sweeping.recover, write, now=now)
    for write in followers.stranded():
        _each(followers.free, write, now=now)
    return [Nudge(pk) for pk in sweeping.ready(now)]


def _each(act: Sweeping, write: Write, *, now: datetime) -> None:
    """What goes wrong with one write must not hold up all others at every sweep."""
    try:
        act(write, now=now)
    except journal.Lost:
        return
    except Exception:
        logger.exception("a write could not be swept", extra={"write": str(write.pk)})


def _own(write: Write) -> list[Nudge]:
    if write.due_at is None or write.state not in {State.WAITING, State.CHECKING}:
        return []
    seconds = (write.due_at - timezone.now()).total_seconds()
    return [Nudge(write.pk, max(seconds, 0.0))] if seconds < SOON else []


def _park(write_id: UUID, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            write = Write.objects.get(pk=write_id)
            attempt = write.attempts.filter(ended_at=None).first()
            if attempt:
                attempts.end_attempt(attempt, Outcome.UNSURE, reason=Reason.BROKEN, now=now)
            if write.state in {State.SENDING, State.CHECKING}:
                journal.move(write, State.STUCK, reason=Reason.BROKEN, now=now)
    except journal.Lost:
        logger.info("write moved on before it could be parked", extra={"write": str(write_id)})
