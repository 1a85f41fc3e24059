"""Looking after the connection to Connect: tokens that end soon, counts that are old."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from bookingapp.domain import call_tallies, token_expiry


@shared_task(name="desk.tend_connections")
def tend_connections(**_: object) -> None:
    """Note which tokens end soon, and forget old counts of calls."""
    now = timezone.now()
    token_expiry.note_expiring(now=now)
    call_tallies.forget_old(now=now)
