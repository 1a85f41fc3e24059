"""Changes of one lead take turns: no two weave into each other, and answers come in order."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from bookingapp.domain import journal
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind, Reason, State

PATCHES = (Kind.MOVE_LEAD, Kind.EDIT_LEAD)


def wait_for_turn(write: Write, *, now: datetime) -> bool:
    """Whether ``write`` must wait; it is then waiting. Asked before anything of it is sent.

    What has begun goes first, then what was asked for first: so no two wait for each other. What
    waits for a person holds nobody up.
    """
    patches = write.kind in PATCHES or "mark" in write.payload
    if not patches or write.lead_id is None or write.attempts.exists():
        return False
    setting = Q(kind__in=PATCHES) | Q(payload__has_key="mark")
    others = Write.objects.filter(setting, lead=write.lead_id).exclude(pk=write.pk)
    before = Q(created_at__lt=write.created_at)
    before |= Q(created_at=write.created_at, pk__lt=write.pk)
    earlier = before & ~Q(state=State.HELD)
    moving = others.exclude(state__in=[*TERMINAL, State.STUCK, State.ASKING])
    ahead = moving.filter(Q(attempts__isnull=False) | earlier).first()
    if ahead is None:
        return False
    journal.move(write, State.WAITING, reason=Reason.TURN_PENDING, now=now, after=ahead)
    return True
