"""The calls made for a write: each is recorded before it is made, and what became of it after."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from bookingapp.domain.journal import Lost
from bookingapp.domain.models import Attempt, Write
from bookingapp.domain.states import Outcome, Reason


def begin_attempt(
    write: Write, *, sent: dict[str, Any], evidence: dict[str, Any], now: datetime
) -> Attempt:
    """Record a call before it is made, with the lease renewed. Raises Lost when it is not ours."""
    with transaction.atomic():
        # Touching the version under our lease makes a second hand impossible from here on.
        mine = Write.objects.filter(pk=write.pk, version=write.version, lease=write.lease)
        until = now + timedelta(seconds=settings.WRITE_LEASE)
        if not mine.update(version=write.version + 1, lease_until=until):
            raise Lost
        write.version += 1
        write.lease_until = until
        last = write.attempts.order_by("-number").values_list("number", flat=True).first() or 0
        return Attempt.objects.create(
            write=write,
            number=last + 1,
            step=write.step,
            started_at=now,
            sent=sent,
            evidence=evidence,
            request_id=uuid.uuid4().hex,
        )


def end_attempt(
    attempt: Attempt,
    outcome: Outcome,
    *,
    reason: Reason,
    now: datetime,
    status: int | None = None,
    message: str = "",
    evidence: dict[str, Any] | None = None,
) -> None:
    """Record what became of a call; together with the move it leads to."""
    attempt.ended_at, attempt.outcome, attempt.reason = now, outcome, reason
    attempt.status, attempt.message = status, message[:600]
    attempt.evidence = {**attempt.evidence, **(evidence or {})}
    attempt.save()
