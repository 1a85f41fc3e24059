"""Waking batches."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import batch_runner
from bookingapp.domain.batches import SOON
from bookingapp.tasks.nudging import nudge
from bookingapp.tasks.writes import wake_write

# A waking that comes later than this is dropped: the sweep has done its work.
LATE_SECONDS = 60.0


@shared_task(name="desk.push_batch")
def push_batch(kind: str, pk: str, **_: object) -> None:
    """Begin the next writes of one batch, and again soon while there are more."""
    _push(kind, UUID(pk))


@shared_task(name="desk.sweep_batches")
def sweep_batches(**_: object) -> None:
    """Batches whose undo window has ended, whose hand has died, whose waking was lost."""
    for kind, pk in batch_runner.due(now=timezone.now()):
        _push(kind, pk)


def wake_batch(kind: str, pk: UUID, *, seconds: float = 0.0) -> None:
    """Ask a worker to go on with this batch."""
    expires = seconds + LATE_SECONDS
    nudge(push_batch, kind, str(pk), countdown=seconds or None, expires=expires)


def _push(kind: str, pk: UUID) -> None:
    """Of all that are woken for one batch, one goes on and wakes the next: never two rows of them,
    and where one was lost, the sweep begins it again.
    """
    now = timezone.now()
    if not batch_runner.turn(kind, pk, now=now):
        return
    pushed = batch_runner.push(kind, pk, now=now)
    for write_id in pushed.opened:
        wake_write(write_id)
    if pushed.more:
        wake_batch(kind, pk, seconds=SOON.total_seconds())
