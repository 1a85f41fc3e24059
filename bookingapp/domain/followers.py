"""Writes that wait for another one: a booking for the creation of its lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bookingapp.domain import journal
from bookingapp.domain.models import Write
from bookingapp.domain.states import Reason, State


def release(write: Write, *, now: datetime) -> Sequence[UUID]:
    """Make due what waited for ``write``; returns which. Call it in the transaction of its end."""
    waiting = list(write.followers.filter(state=State.WAITING, reason=Reason.LEAD_PENDING))
    for follower in waiting:
        journal.move(follower, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    return [follower.pk for follower in waiting]


def refuse(write: Write, *, reason: Reason, now: datetime) -> None:
    """What waited for ``write`` cannot be done either."""
    for follower in write.followers.filter(state=State.WAITING, reason=Reason.LEAD_PENDING):
        journal.move(follower, State.REFUSED, reason=reason, now=now, result=write.result)
