"""Waking batches."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import batch_runner
from bookingapp.domain.batches import Pushed
from bookingapp.tasks.writes import wake_write

logger = logging.getLogger(__name__)

# Seconds until a batch with more to begin is looked at again.
SOON = 0.5


@shared_task(name="desk.push_batch")
def push_batch(kind: str, pk: str, **_: object) -> None:
    """Begin the next writes of one batch, and again soon while there are more."""
    if _push(kind, UUID(pk)).more:
        wake_batch(kind, UUID(pk), seconds=SOON)


@shared_task(name="desk.sweep_batches")
def sweep_batches(**_: object) -> None:
    """Batches whose undo window has ended or whose hand has died."""
    # Not again by themselves: each sweep would begin one more row of wake-ups.
    for kind, pk in batch_runner.due(now=timezone.now()):
        _push(kind, pk)


def wake_batch(kind: str, pk: UUID, *, seconds: float = 0.0) -> None:
    """Ask a worker to go on with this batch. A broker that is down costs time, not the batch."""
    try:
        push_batch.apply_async((kind, str(pk)), countdown=seconds or None, expires=60, retry=False)
    except Exception as error:  # noqa: BLE001 - every transport has its own; the sweep makes up for all
        logger.warning("nudge not delivered", extra={"batch": str(pk), "error": repr(error)})


def _push(kind: str, pk: UUID) -> Pushed:
    pushed = batch_runner.push(kind, pk, now=timezone.now())
    for write_id in pushed.opened:
        wake_write(write_id)
    return pushed
