"""Booking a slot: sent at once, tried again only as the person allowed, never blindly repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import availability, evidence, gateway, journal, mirror, sending
from bookingapp.domain.errors import NoToken
from bookingapp.domain.kinds import booking_slot, by_event, finishing, steps, taken
from bookingapp.domain.kinds.one_step import OneStep
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import Slot, is_open
from bookingapp.domain.states import Outcome, Reason, State

# A slot that cannot be read for this long after a lost answer goes to a person.
LONGEST_CHECK = timedelta(seconds=60)
CHECK_AGAIN = timedelta(seconds=5)


class Book(OneStep):
    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        scope = self.scope_of(write)
        if not gateway.has_token(write.organisation, scope):
            return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope.value, now=now)
        told = by_event.booked_meanwhile(self, write, now=now)
        if told is not None:
            return told
        slot, before = booking_slot.chosen(write)
        if booking_slot.needs_fresh(write, now=now):
            reading = booking_slot.read(self, write, now=now)
            if reading is None:
                return ()
            fresh = booking_slot.find(write, reading.slots)
            if _may_have_happened(write, fresh):
                return _hand_over(write, after=evidence.counts(fresh, reading.as_of), now=now)
            closed = fresh is None or not is_open(fresh, now)
            if closed and self.insists_on_open(write):
                return self.taken(write, slot, reading=reading, now=now)
            slot, before = fresh or slot, evidence.counts(fresh, reading.as_of)
        return self._book(write, slot, before)

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        told = by_event.booked_meanwhile(self, write, now=now)
        if told is not None:
            return told
        attempt = write.tries.filter(outcome=Outcome.UNSURE).last()
        since = now - (attempt.ended_at if attempt and attempt.ended_at else write.changed_at)
        try:
            reading = availability.fetch(write.organisation, booking_slot.window(write), now=now)
        except (connect.ConnectError, NoToken):
            if since < LONGEST_CHECK:
                return _look_again(write, now=now, at=now + CHECK_AGAIN)
            return _hand_over(write, after=evidence.counts(None, None), now=now)
        slot = booking_slot.find(write, reading.slots)
        if _tried_enough(write):
            after = evidence.counts(slot, reading.as_of)
            return _hand_over(write, after=after, now=timezone.now(), reason=Reason.GAVE_UP)
        seconds = since.total_seconds()
        verdict = evidence.weigh(
            slot, seconds_since=seconds, settle_seconds=settings.SETTLE_SECONDS
        )
        match verdict:
            case evidence.Verdict.ABSENT if slot is not None:
                return _send_again(write, slot, reading.as_of, now=now)
            case evidence.Verdict.WAIT:
                rest = timedelta(seconds=max(settings.SETTLE_SECONDS - seconds, 0.05))
                return _look_again(write, now=now, at=now + rest)
            case _:
                after = evidence.counts(slot, reading.as_of)
                return _hand_over(write, after=after, now=timezone.now())

    def apply(self, write: Write, value: Any, *, step: str, now: datetime) -> dict[str, Any]:
        return mirror.booked(write, value, now=now)

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        mirror.booked_by_word(write, connect_id=connect_id, now=now)

    def insists_on_open(self, write: Write) -> bool:
        """Whether a slot that fresh availability shows as closed is not even asked for."""
        return True

    def taken(
        self,
        write: Write,
        slot: Slot,
        *,
        now: datetime,
        answer: sending.Answer[Any] | None = None,
        reading: availability.Reading | None = None,
    ) -> Sequence[UUID]:
        """``answer`` when Connect refused the slot; ``reading`` when fresh availability did."""
        return taken.next_step(self, write, slot, answer=answer, reading=reading, now=now)

    def nothing_left(
        self,
        write: Write,
        answer: sending.Answer[Any] | None,
        others: list[Slot],
        as_of: datetime | None,
        *,
        now: datetime,
    ) -> Sequence[UUID]:
        """No slot that the wish allows is open: the person chooses among ``others``."""
        return taken.ask(write, answer, others, as_of, now=now)

    def _book(self, write: Write, slot: Slot, before: dict[str, Any]) -> Sequence[UUID]:
        answer = sending.send(write, _call(write, slot), evidence={"before": before})
        if answer.judgement.outcome in {Outcome.DONE, Outcome.SLOT_TAKEN, Outcome.UNSURE}:
            booking_slot.drop(write, slot)
        is_taken = answer.judgement.outcome == Outcome.SLOT_TAKEN
        if not is_taken or finishing.confirmed_before(write, answer):
            return steps.settle(self, write, answer)
        if answer.judgement.reason != Reason.CONFLICT:
            return self.taken(write, slot, answer=answer, now=answer.at)
        return self._conflict(write, slot, answer, before)

    def _conflict(
        self, write: Write, slot: Slot, answer: sending.Answer[Any], before: dict[str, Any]
    ) -> Sequence[UUID]:
        """409 is a lost race only where fresh availability agrees (design 4.2)."""
        try:
            reading = availability.fetch(
                write.organisation, booking_slot.window(write), now=answer.at
            )
        except (connect.ConnectError, NoToken):
            reading = None
        fresh = booking_slot.find(write, reading.slots) if reading else None
        match evidence.of_conflict(
            fresh, before=before.get("booked"), says_taken=answer.says_taken, now=answer.at
        ):
            case evidence.Conflicting.TAKEN:
                return self.taken(write, slot, answer=answer, reading=reading, now=answer.at)
            case evidence.Conflicting.MAY_BE_OURS:
                answer = answer.as_unsure()
        return steps.end(self, write, answer, State.STUCK, reason=Reason.CONFLICT)


def _call(write: Write, slot: Slot) -> connect.Call[connect.Booking]:
    policy = policy_of(write.organisation.settings)
    lead_id = write.lead.connect_id if write.lead else ""
    return connect.create_booking(
        calendar_id=write.payload["calendar_id"],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        resource_id=slot.resource_id,
        appointment_type_id=write.payload["type_id"],
        resource_slot_id=slot.resource_slot_id,
        lead_id=lead_id,
        link_field=connect.LinkField(policy.lead_link_field),
        name=write.payload.get("name") or None,
    )


def _may_have_happened(write: Write, fresh: Slot | None) -> bool:
    """People on the slot may be us: after a lost answer any, after an answer that put us off more
    than before (design 4.4).
    """
    if write.tries.filter(outcome=Outcome.DONE).exists():
        # Its answer came while we were looking.
        return True
    if sending.has_unsure_attempt(write):
        return fresh is None or fresh.booked > 0
    last = write.tries.last()
    is_denied = last is not None and "denied_by" in last.evidence
    if last is None or is_denied or last.reason not in booking_slot.PUT_OFF:
        return False
    before = last.evidence.get("before", {}).get("booked")
    return fresh is None or before is None or fresh.booked > before


def _send_again(
    write: Write, slot: Slot, as_of: datetime | None, *, now: datetime
) -> Sequence[UUID]:
    payload = booking_slot.with_slot(write.payload, slot, as_of=as_of)
    with transaction.atomic():
        journal.move(
            write,
            State.DUE,
            reason=Reason.PROVEN_ABSENT,
            now=now,
            due_at=now,
            payload=payload,
            details={"after": evidence.counts(slot, as_of)},
        )
    return (write.pk,)


def _look_again(write: Write, *, now: datetime, at: datetime) -> Sequence[UUID]:
    journal.move(write, State.CHECKING, reason=Reason(write.reason), now=now, due_at=at)
    return ()


def _tried_enough(write: Write) -> bool:
    """What is lost again and again is not sent for ever."""
    lost = write.tries.filter(outcome=Outcome.UNSURE)
    asked_about = sum(not attempt.evidence.get("denied_by") for attempt in lost)
    return asked_about >= policy_of(write.organisation.settings).later_limit


def _hand_over(
    write: Write, *, after: dict[str, Any], now: datetime, reason: Reason = Reason.CANNOT_TELL
) -> Sequence[UUID]:
    """The counts do not tell: a person must. They get the numbers."""
    last = write.tries.last()
    before = last.evidence.get("before", {}) if last else {}
    slot, _ = booking_slot.chosen(write)
    ours = Booking.objects.filter(
        organisation=write.organisation,
        resource__connect_id=slot.resource_id,
        starts_at=slot.starts_at,
    ).count()
    result = {**write.result, "evidence": {"before": before, "after": after, "ours": ours}}
    journal.move(write, State.STUCK, reason=reason, now=now, result=result)
    return ()
