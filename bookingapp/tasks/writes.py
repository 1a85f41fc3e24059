"""Waking the journal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bookingapp.domain import doctor, runner
from bookingapp.tasks.nudging import nudge


@shared_task(name="desk.run_write")
def run_write(write_id: str, **_: object) -> None:
    """One step of one write."""
    wake(runner.run(UUID(write_id)))


@shared_task(name="desk.sweep_writes")
def sweep_writes(**_: object) -> None:
    """What was missed: lost workers, due retries, nudges that never arrived, tokens come good."""
    now = timezone.now()
    # The next sweep finds again what is not taken by then: messages must not pile up.
    wake(runner.sweep(now=now), expires=2 * settings.SWEEP_SECONDS + 1)
    doctor.revive(now=now)


def wake(nudges: Iterable[runner.Nudge], *, expires: float | None = None) -> None:
    for one in nudges:
        wake_write(one.write_id, seconds=one.seconds, expires=expires)


def wake_write(write_id: UUID, *, seconds: float = 0.0, expires: float | None = None) -> None:
    """Ask a worker to look at this write, within ``expires`` seconds if that is given."""
    nudge(run_write, str(write_id), countdown=seconds or None, expires=expires)
