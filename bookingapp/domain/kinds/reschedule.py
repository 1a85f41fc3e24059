"""Moving a booking: Connect has no call for it, so a new one is booked and the old one deleted.

Book first, then delete: for a moment both exist. Where they cannot (or the organisation wants it
so) the old one goes first, and is booked again when the new one is refused (design 4.3). Each step
is an attempt of its own; wherever the worker dies, what has ended says how to go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import availability, followers, gateway, journal, sending
from bookingapp.domain.kinds import (
    booking_slot,
    deletion,
    doubts,
    lead_state,
    making_way,
    plan,
    repeat,
    steps,
    turns,
)
from bookingapp.domain.kinds.book import Book
from bookingapp.domain.kinds.finishing import ended_of, go, turn_down
from bookingapp.domain.kinds.old_booking import old_of
from bookingapp.domain.kinds.protocol import Onward
from bookingapp.domain.models import Booking, Gone, WaitingMark, Write
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Reason, State


class Reschedule(Book):
    def scope_of(self, write: Write) -> connect.Scope:
        return connect.Scope.ADMIN if write.step == plan.DELETE else connect.Scope.WRITE

    def is_repeatable(self, write: Write) -> bool:
        return write.step not in doubts.TAKES_SLOT

    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if not ended_of(write) and not gateway.has_token(write.organisation, connect.Scope.ADMIN):
            # Nothing is begun that could not be finished.
            scope = connect.Scope.ADMIN.value
            return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope, now=now)
        if turns.wait_for_turn(write, now=now):
            return ()
        match write.step:
            case plan.MARK:
                _keep_own_state(write)
                return lead_state.send(self, write, write.payload["mark"]["to"], now=now)
            case plan.RESTORE:
                return self._restore(write, now=now)
            case plan.DELETE:
                return self._delete(write, now=now)
            case _:
                return super().send(write, now=now)

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if self.is_repeatable(write):
            return repeat.check(self, write, now=now)
        return super().check(write, now=now)

    def apply(self, write: Write, value: Any, *, step: str, now: datetime) -> dict[str, Any]:
        match step:
            case plan.MARK:
                return lead_state.apply(write, value, write.payload["mark"]["to"], now=now)
            case plan.RESTORE:
                return lead_state.apply(write, value, write.payload["mark"]["back"], now=now)
            case plan.DELETE:
                deletion.bury(write, Gone.MOVED, reason="", now=now)
                _link(write)
                return {}
            case _:
                told = super().apply(write, value, step=step, now=now)
                _link(write)
                return told

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        if step in doubts.TAKES_SLOT:
            super().apply_by_word(write, step=step, connect_id=connect_id, now=now)
            _link(write)
        else:
            self.apply(write, None, step=step, now=now)

    def onward(self, write: Write, *, ended: Mapping[str, str]) -> Onward:
        marks = "mark" in write.payload
        step = plan.reschedule(write.payload["order"], marks=marks, ended=ended)
        if step == plan.PUT_BACK:
            payload = making_way.to_put_back(write)
            return Onward(State.DUE, Reason.PUTTING_BACK, step, payload)
        if step:
            return Onward(State.DUE, Reason.STEP_DONE, step)
        return _end(write, ended)

    def declined(self, write: Write) -> Onward:
        ended = {**ended_of(write), write.step: plan.FAILED}
        # Nobody wants anything booked any more; only the lead's own state is still set back.
        ended.setdefault(plan.PUT_BACK, plan.FAILED)
        if doubts.may_be_marked(write, ended) and plan.RESTORE not in ended:
            return Onward(State.DUE, Reason.DECLINED, plan.RESTORE, ended=ended)
        state = State.DONE if plan.has_moved(ended) else State.REFUSED
        return Onward(state, Reason.DECLINED, ended=ended)

    def fails_as(self, write: Write) -> Reason | None:
        ended = ended_of(write)
        if write.step == plan.PUT_BACK:
            return Reason.NO_APPOINTMENT
        if write.step == plan.DELETE and plan.has_two(ended):
            return Reason.TWO_BOOKINGS
        return Reason.NOT_RESTORED if write.step == plan.RESTORE else None

    def stuck_as(self, write: Write, reason: Reason) -> Reason:
        """What a person must know first: none or two appointments, where that is certain."""
        ended = ended_of(write)
        if write.step in doubts.TAKES_SLOT and plan.may_have_none(ended):
            return reason if sending.has_unsure_attempt(write) else Reason.NO_APPOINTMENT
        if write.step == plan.DELETE and plan.has_two(ended):
            return reason if doubts.may_be_deleted(write) else Reason.TWO_BOOKINGS
        return reason

    def insists_on_open(self, write: Write) -> bool:
        """Once the old booking is gone, Connect's own word counts, not what it listed before."""
        return ended_of(write).get(plan.DELETE) != plan.DONE

    def taken(
        self,
        write: Write,
        slot: Slot,
        *,
        now: datetime,
        answer: sending.Answer[Any] | None = None,
        reading: availability.Reading | None = None,
    ) -> Sequence[UUID]:
        if write.step == plan.PUT_BACK:
            return _turned_down(self, write, answer, now=now)
        if not ended_of(write).get(plan.DELETE) and making_way.can_help(write, reading):
            return making_way.delete_first(write, reading, answer, now=now)
        return super().taken(write, slot, now=now, answer=answer, reading=reading)

    def nothing_left(
        self,
        write: Write,
        answer: sending.Answer[Any] | None,
        others: list[Slot],
        as_of: datetime | None,
        *,
        now: datetime,
    ) -> Sequence[UUID]:
        if ended_of(write).get(plan.DELETE) == plan.DONE:
            return _turned_down(self, write, answer, now=now)
        old = old_of(write)
        here = (old.resource_id, old.starts_at)
        elsewhere = [other for other in others if (other.resource_id, other.starts_at) != here]
        return super().nothing_left(write, answer, elsewhere, as_of, now=now)

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return followers.next_turn(write, now=now)

    def _delete(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """Before the old booking is given up, the new slot must look free."""
        gives_up_first = ended_of(write).get(plan.BOOK) != plan.DONE
        if gives_up_first and not sending.has_unsure_attempt(write):
            reading = booking_slot.read(self, write, now=now)
            if reading is None:
                return ()
            if not making_way.is_free(write, reading, now=now):
                slot, _ = booking_slot.chosen(write)
                return super().taken(write, slot, reading=reading, now=now)
            _remember(write, making_way.without_us(write, reading))
        return deletion.send(self, write, now=now)

    def _restore(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        mark, marked = write.payload["mark"], ended_of(write).get(plan.MARK) == plan.DONE
        known = {mark["to"]} if marked else {mark["to"], mark["back"]}
        if write.lead is not None and write.lead.state_connect_id not in known:
            # Somebody has given the lead another state meanwhile; theirs is newer than ours.
            ended = {**ended_of(write), plan.RESTORE: plan.DONE}
            with transaction.atomic():
                onward = self.onward(write, ended=ended)
                return go(self, write, onward, ended=ended, now=now, result=write.result)
        return lead_state.send(self, write, mark["back"], now=now)


def _keep_own_state(write: Write) -> None:
    """The lead's own state is the one it has when its turn comes, not when the move was asked for:
    somebody may have moved it while this waited. Raises journal.Lost.
    """
    mark = write.payload["mark"]
    own = write.lead.state_connect_id if write.lead else ""
    if own and own not in {mark["to"], mark["back"]}:
        _remember(write, {**write.payload, "mark": {**mark, "back": own}})


def _remember(write: Write, payload: dict[str, Any]) -> None:
    """Raises journal.Lost when somebody else has the write by now."""
    mine = Write.objects.filter(pk=write.pk, version=write.version)
    if not mine.update(payload=payload):
        raise journal.Lost
    write.payload = payload


def _turned_down(
    kind: Reschedule, write: Write, answer: sending.Answer[Any] | None, *, now: datetime
) -> Sequence[UUID]:
    return turn_down(kind, write, Reason.SLOT_TAKEN, now=now, answer=answer)


def _end(write: Write, ended: Mapping[str, str]) -> Onward:
    if write.reason != Reason.SECOND_ANSWER and doubts.booked_too_often(write, ended):
        return Onward(State.STUCK, Reason.SECOND_ANSWER)
    if plan.has_moved(ended):
        return Onward(State.DONE)
    if ended.get(plan.PUT_BACK) == plan.DONE:
        return Onward(State.REFUSED, Reason.PUT_BACK)
    return Onward(State.REFUSED, Reason(write.result.get("why", Reason.INVALID)))


def _link(write: Write) -> None:
    """Once the new booking is known and the old one gone, the one names the other."""
    new = Booking.objects.filter(write=write).first()
    if new is not None:
        Booking.objects.filter(pk=old_of(write).id).exclude(gone_at=None).update(moved_to=new)
    if new is not None and "wanted" in write.payload:
        # Put back: whoever waits for an earlier time has what they had, and waits on.
        had = UUID(old_of(write).id)
        WaitingMark.objects.filter(booking_id=had, ended_at=None).update(booking=new)
