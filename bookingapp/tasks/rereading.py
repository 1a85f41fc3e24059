"""Reading leads again after a change of the keys under which their contacts stand."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import rereading

logger = logging.getLogger(__name__)


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
    """A broker that is down costs time, not the reading: the sweep begins it."""
    try:
        reread_leads.apply_async((str(organisation_id),), retry=False)
    except Exception as error:  # noqa: BLE001 - every transport has its own; the sweep makes up for all
        extra = {"organisation": str(organisation_id), "error": repr(error)}
        logger.warning("nudge not delivered", extra=extra)
