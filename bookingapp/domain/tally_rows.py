"""The tables of calls: sums added by one update each, so that processes never lose a count."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from bookingapp import connect
from bookingapp.domain.models import CallTally, LastAnswer

if TYPE_CHECKING:
    from bookingapp.domain.call_tallies import Counts


def add(organisation: UUID, began_at: datetime, sums: Counts) -> None:
    """Add to the five minutes from ``began_at``. Raises django.db.DatabaseError."""
    if _add(organisation, began_at, sums):
        return
    try:
        with transaction.atomic():
            CallTally.objects.create(
                organisation_id=organisation, began_at=began_at, **asdict(sums)
            )
    except IntegrityError:
        # Another process was first; or the organisation is gone, and nothing is there to add to.
        _add(organisation, began_at, sums)


def _add(organisation: UUID, began_at: datetime, sums: Counts) -> bool:
    slowest = "slowest_milliseconds"
    told: dict[str, Any] = {name: F(name) + value for name, value in asdict(sums).items()}
    told[slowest] = Greatest(F(slowest), sums.slowest_milliseconds)
    rows = CallTally.objects.filter(organisation=organisation, began_at=began_at)
    return bool(rows.update(**told))


def remember(organisation: UUID, record: connect.CallRecord) -> None:
    """Keep it as the newest answer, unless a newer one is there. Raises django.db.DatabaseError."""
    told = {
        "at": record.started_at,
        "name": record.name[:60],
        "status": record.status,
        "error": record.error_class[:60],
        "milliseconds": round(record.duration_seconds * 1000),
        "request_id": record.request_id[:128],
    }
    rows = LastAnswer.objects.filter(organisation=organisation)
    if rows.filter(at__lte=record.started_at).update(**told) or rows.exists():
        return
    try:
        with transaction.atomic():
            LastAnswer.objects.create(organisation_id=organisation, **told)
    except IntegrityError:
        rows.filter(at__lte=record.started_at).update(**told)
