"""Reading leads again after a change of the keys under which their contacts stand."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import rereading
from bookingapp.tasks.nudging import nudge


@shared_task(name="desk.reread_leads")
def reread_leads(organisation_id: str, **_: object) -> None:
    """The next leads of one organisation, and again soon while there are more."""
    if rereading.go_on(UUID(organisation_id), now=timezone.now()):
        wake(UUID(organisation_id))


@shared_task(name="desk.sweep_rereadings")
def sweep_rereadings(**_: object) -> None:
    """Those whose waking was lost or whose hand has died."""
    for organisation_id in rereading.due(now=timezone.now()):
        wake(organisation_id)


def wake(organisation_id: UUID) -> None:
    """Ask a worker to go on reading."""
    nudge(reread_leads, str(organisation_id))
