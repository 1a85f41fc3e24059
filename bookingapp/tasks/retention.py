"""Forgetting by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from bookingapp.domain.privacy import retention


@shared_task(name="desk.forget")
def forget(**_: object) -> None:
    """What the organisations keep only for so many days, once an hour."""
    retention.run(now=timezone.now())
