"""Writes that wait for another one: a booking for the creation of its lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bookingapp.domain import journal
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Reason, State

# Nobody knows how long a person takes: whoever is next need not wait for that.
OVER = TERMINAL | {State.STUCK, State.ASKING}


def release(write: Write, *, now: datetime) -> Sequence[UUID]:
    """Make due what waited for ``write``; returns which. Call it in the transaction of its end."""
    waiting = _waiting(write)
    for follower in waiting:
        journal.move(follower, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    return [follower.pk for follower in waiting]


def refuse(write: Write, *, reason: Reason, now: datetime) -> None:
    """What waited for ``write`` cannot be done either."""
    for follower in _waiting(write):
        journal.move(follower, State.REFUSED, reason=reason, now=now, result=write.result)


def next_turn(write: Write, *, now: datetime) -> Sequence[UUID]:
    """Make due what waited until ``write`` had ended, however it did, or waits for a person."""
    if write.state not in OVER:
        return ()
    waiting = write.followers.select_for_update()
    freed = list(waiting.filter(state=State.WAITING, reason=Reason.TURN_PENDING))
    for follower in freed:
        journal.move(follower, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    return [follower.pk for follower in freed]


def stranded() -> list[Write]:
    """The writes for which others still wait although they need not any more."""
    left = Write.objects.filter(state=State.WAITING)
    lead = left.filter(reason=Reason.LEAD_PENDING, after__state__in=TERMINAL)
    turn = left.filter(reason=Reason.TURN_PENDING, after__state__in=OVER)
    return list(
        Write.objects.filter(Q(pk__in=lead.values("after")) | Q(pk__in=turn.values("after")))
    )


@transaction.atomic
def free(ended: Write, *, now: datetime) -> None:
    """Move on what waited for one that ``stranded`` found."""
    next_turn(ended, now=now)
    if ended.state == State.DONE:
        release(ended, now=now)
    elif ended.state in TERMINAL:
        refuse(ended, reason=Reason.LEAD_REFUSED, now=now)


def _waiting(write: Write) -> list[Write]:
    # Locked, so that a person closing one at this moment cannot undo the end of ``write`` itself.
    waiting = write.followers.select_for_update()
    return list(waiting.filter(state=State.WAITING, reason=Reason.LEAD_PENDING))
