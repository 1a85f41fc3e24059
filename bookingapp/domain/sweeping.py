"""What the sweep looks for: writes that are due, and writes whose worker was lost."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bookingapp.domain.attempts import end_attempt
from bookingapp.domain.journal import move
from bookingapp.domain.kinds import kind_of
from bookingapp.domain.models import Write
from bookingapp.domain.states import Outcome, Reason, State


def recover(write: Write, *, now: datetime) -> None:
    """A lease ran out: what was being sent is unsure, what was not is simply due again."""
    if write.state == State.CHECKING:
        move(write, State.CHECKING, reason=Reason(write.reason), now=now, due_at=now)
        return
    repeatable = kind_of(write.kind).is_repeatable(write)
    with transaction.atomic():
        open_attempt = write.attempts.filter(ended_at=None).first()
        if write.tries.filter(outcome=Outcome.DONE).exists() and not repeatable:
            # Connect confirmed it and we failed to say so: never send that again.
            target, reason = State.STUCK, Reason.BROKEN
        elif open_attempt is None:
            target, reason = State.DUE, Reason.LEASE_EXPIRED
        else:
            end_attempt(open_attempt, Outcome.UNSURE, reason=Reason.WORKER_LOST, now=now)
            target, reason = State.CHECKING, Reason.WORKER_LOST
        due_at = None if target == State.STUCK else now
        move(write, target, reason=reason, now=now, due_at=due_at)


def ready(now: datetime, *, limit: int = 200) -> list[uuid.UUID]:
    """Writes that a worker could take now, oldest first."""
    in_hand = Q(lease_until__gt=now)
    due = (
        Q(state__in=[State.HELD, State.DUE, State.WAITING, State.CHECKING], due_at__lte=now)
        & ~in_hand
    )
    return list(Write.objects.filter(due).order_by("due_at").values_list("pk", flat=True)[:limit])


def expired(now: datetime, *, limit: int = 200) -> list[Write]:
    """Writes whose worker was lost while sending or checking."""
    lost = Write.objects.filter(state__in=[State.SENDING, State.CHECKING], lease_until__lte=now)
    return list(lost.order_by("lease_until")[:limit])
