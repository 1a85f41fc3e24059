"""Writes that wait for another one: a booking for the creation of its lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bookingapp.domain import journal
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Reason, State


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
    """Make due what waited until ``write`` had ended, however it did."""
    waiting = write.followers.select_for_update()
    freed = list(waiting.filter(state=State.WAITING, reason=Reason.TURN_PENDING))
    if write.state not in TERMINAL:
        return ()
    for follower in freed:
        journal.move(follower, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    return [follower.pk for follower in freed]


def stranded(*, now: datetime) -> Sequence[UUID]:
    """Move on what still waits for a write that has ended; returns what may be sent."""
    freed: list[UUID] = []
    left = Write.objects.filter(after__state__in=TERMINAL, state=State.WAITING)
    for follower in left.filter(reason=Reason.LEAD_PENDING).select_related("after"):
        ended = follower.after
        if ended is None:
            continue
        with transaction.atomic():
            if ended.state == State.DONE:
                freed += release(ended, now=now)
            else:
                refuse(ended, reason=Reason.LEAD_REFUSED, now=now)
    left = Write.objects.filter(after__state__in=TERMINAL, state=State.WAITING)
    for follower in left.filter(reason=Reason.TURN_PENDING).select_related("after"):
        if follower.after is not None:
            with transaction.atomic():
                freed += next_turn(follower.after, now=now)
    return freed


def _waiting(write: Write) -> list[Write]:
    # Locked, so that a person closing one at this moment cannot undo the end of ``write`` itself.
    waiting = write.followers.select_for_update()
    return list(waiting.filter(state=State.WAITING, reason=Reason.LEAD_PENDING))
