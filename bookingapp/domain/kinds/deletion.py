"""Deleting a booking: for good, so all that was known stays with us as a tombstone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bookingapp import connect
from bookingapp.domain import availability, gateway, sending
from bookingapp.domain.answers import Judgement
from bookingapp.domain.kinds import steps
from bookingapp.domain.kinds.old_booking import Old, old_of
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Booking, Gone, Write
from bookingapp.domain.states import Outcome, Reason


def send(kind: KindOfWrite, write: Write, *, now: datetime) -> Sequence[UUID]:
    scope = kind.scope_of(write)
    if not gateway.has_token(write.organisation, scope):
        return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope.value, now=now)
    old = old_of(write)
    answer = sending.send(write, connect.delete_booking(old.connect_id), evidence={})
    if answer.judgement == Judgement(Outcome.REFUSED, Reason.VANISHED):
        # Gone already is what was wanted (design 4.2).
        answer = replace(answer, judgement=Judgement(Outcome.DONE, Reason.VANISHED))
    if answer.judgement.outcome in {Outcome.DONE, Outcome.UNSURE}:
        drop(write, old)
    return steps.settle(kind, write, answer)


def drop(write: Write, old: Old) -> None:
    """The window that the old booking lies in has changed by our own doing."""
    availability.drop(
        write.organisation, calendar_connect_id=old.calendar_id, starts_at=old.starts_at
    )


def bury(write: Write, gone_as: Gone, *, reason: str, now: datetime) -> None:
    """Make the old booking's row its tombstone."""
    # RocketLead may have told of it before the answer came: then it was this write all the same.
    unowned = Q(gone_at=None) | Q(gone_as=Gone.ELSEWHERE, gone_by=None)
    standing = Booking.objects.filter(unowned, pk=old_of(write).id)
    standing.update(gone_at=now, gone_as=gone_as, gone_reason=reason[:400], gone_by=write)
