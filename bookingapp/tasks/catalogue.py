"""Keeping our copies of calendars, resources, appointment types and lead pools young."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import catalogue
from bookingapp.tasks.nudging import nudge


@shared_task(name="desk.refresh_catalogues")
def refresh_catalogues(**_: object) -> None:
    """Read again every catalogue older than a day."""
    catalogue.refresh_stale(now=timezone.now())


def refresh_soon() -> None:
    """Ask a worker to look for catalogues that are to be read again."""
    nudge(refresh_catalogues)
