"""Unsure steps that may simply be done again: to delete what is gone, to set a state that is set.

Such a step is sent once more after the settle time, when the first call cannot be running any
longer, so that a late arrival overtakes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from bookingapp.domain import journal
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Outcome, Reason, State


def check(kind: KindOfWrite, write: Write, *, now: datetime) -> Sequence[UUID]:
    unsure = write.tries.filter(outcome=Outcome.UNSURE)
    last = unsure.last()
    since = last.ended_at if last and last.ended_at else write.changed_at
    again_at = since + timedelta(seconds=settings.SETTLE_SECONDS)
    if unsure.count() >= policy_of(write.organisation.settings).later_limit:
        reason = kind.stuck_as(write, Reason.CANNOT_TELL)
        journal.move(write, State.STUCK, reason=reason, now=now)
        return ()
    if now < again_at:
        reason = Reason(write.reason)
        journal.move(write, State.CHECKING, reason=reason, now=now, due_at=again_at)
        return ()
    journal.move(write, State.DUE, reason=Reason.REPEATABLE, now=now, due_at=now)
    return (write.pk,)
