"""Keeping our copies of calendars, resources, appointment types and lead pools young."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import catalogue

logger = logging.getLogger(__name__)


@shared_task(name="desk.refresh_catalogues")
def refresh_catalogues(**_: object) -> None:
    """Read again every catalogue older than a day."""
    catalogue.refresh_stale(now=timezone.now())


def refresh_soon() -> None:
    """Ask a worker to look for catalogues that are to be read again. Else it is the next alarm."""
    try:
        refresh_catalogues.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 - every transport has its own; the alarm makes up for all
        logger.warning("nudge not delivered", extra={"error": repr(error)})
