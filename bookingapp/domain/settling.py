"""What a person decides about a write that waits: each is a move, so only the first counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q

from bookingapp.domain import evidence, journal, needs_you
from bookingapp.domain.access import Membership
from bookingapp.domain.errors import DomainError, SlotGone
from bookingapp.domain.holding import holder_id, is_held_by
from bookingapp.domain.kinds import booking_slot, kind_of, plan
from bookingapp.domain.kinds.finishing import ended_of, go
from bookingapp.domain.kinds.protocol import Onward
from bookingapp.domain.models import Organisation, Resource, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import Slot, SlotRef
from bookingapp.domain.states import TERMINAL, Kind, Outcome, Reason, State

# The steps that take a slot; a booking has no other.
TAKES_SLOT = frozenset({"", plan.BOOK, plan.PUT_BACK})


class NotYoursToSettle(DomainError):
    """Staff settle their own writes; managers everybody's."""

    code = "not_yours_to_settle"


class AlreadySettled(DomainError):
    """The write does not wait for this decision (any more)."""

    code = "already_settled"


def find(organisation: Organisation, pk: UUID) -> Write | None:
    """A write of any kind that somebody wants to decide about."""
    found = Write.objects.filter(organisation=organisation, pk=pk)
    return found.select_related("organisation", "lead", "person").first()


def may_settle(write: Write, membership: Membership, person: Any) -> bool:
    return is_held_by(write, person) or membership.is_at_least("manager")


def choose(write: Write, *, ref: SlotRef, person: Any, now: datetime) -> Sequence[UUID]:
    """Take one of the alternatives offered for a slot that was taken (design law 6)."""
    _expect(write, State.ASKING)
    slot = _offered(write, ref)
    payload = booking_slot.with_slot(write.payload, slot, as_of=_as_of(write))
    last = write.attempts.last()
    payload |= {
        "wish": {
            "starts_at": slot.starts_at.isoformat(),
            "resource_id": slot.resource_id,
            "anyone": False,
            "nearby": False,
        },
        "chosen_after": last.number if last else 0,
        "tried": [],
    }
    step = write.step
    if write.kind == Kind.RESCHEDULE:
        # What was chosen is open, so the old booking need not make way for it.
        payload["order"] = policy_of(write.organisation.settings).reschedule_order
        marks = "mark" in payload
        step = plan.reschedule(payload["order"], marks=marks, ended=ended_of(write))
    _move(
        write,
        State.DUE,
        Reason.CHOSEN,
        person=person,
        now=now,
        due_at=now,
        payload=payload,
        step=step,
    )
    return (write.pk,)


def is_there(write: Write, *, connect_id: str, person: Any, now: datetime) -> Sequence[UUID]:
    """ "It is there": the step happened; the id it made, if the person knows it, is kept."""
    _expect(write, State.STUCK)
    kind, step = kind_of(write.kind), write.step
    ended = {**ended_of(write), **({step: plan.DONE} if step else {})}
    onward = kind.onward(write, ended=ended)
    if onward.state not in {State.REFUSED, State.STUCK}:
        onward = replace(onward, reason=Reason.SETTLED_BY_PERSON)
    with transaction.atomic():
        freed = _go(write, onward, ended=ended, person=person, now=now)
        if step or not ended:
            kind.apply_by_word(write, step=step, connect_id=connect_id, now=now)
        return freed


def is_not_there(write: Write, *, person: Any, now: datetime) -> Sequence[UUID]:
    """ "It is not there": what was unsure did not happen; send it again."""
    _expect(write, State.STUCK)
    if ended_of(write) and not write.step:
        # Every step has ended; there is nothing left to send.
        raise AlreadySettled
    with transaction.atomic():
        put_off = Q(reason__in=booking_slot.PUT_OFF)
        for attempt in write.tries.filter(Q(outcome=Outcome.UNSURE) | put_off):
            attempt.evidence["denied_by"] = person.pk
            attempt.save()
        payload = write.payload
        if write.step in TAKES_SLOT and "slot" in payload:
            slot, _ = booking_slot.chosen(write)
            # Nothing known about the slot is young any more: it is read again before sending.
            payload = booking_slot.with_slot(payload, slot, as_of=None)
        _move(write, State.DUE, Reason.CHOSEN, person=person, now=now, due_at=now, payload=payload)
    return (write.pk,)


def give_up(write: Write, *, person: Any, now: datetime) -> Sequence[UUID]:
    """Close it without sending anything more."""
    if write.state not in {State.ASKING, State.STUCK, State.WAITING}:
        raise AlreadySettled
    onward = kind_of(write.kind).declined(write)
    ended = onward.ended or ended_of(write)
    write.result = {**write.result, "why": str(Reason.DECLINED)}
    with transaction.atomic():
        freed = _go(write, onward, ended=ended, person=person, now=now)
        Write.objects.filter(pk=write.pk).update(seen_at=now)
        return freed


def seen(write: Write, *, now: datetime) -> None:
    """A refusal was read; it stays on the booking's page."""
    Write.objects.filter(pk=write.pk, state__in=TERMINAL, seen_at=None).update(seen_at=now)
    needs_you.forget(holder_id(write))


def alternatives(write: Write) -> list[Slot]:
    """The slots a person may choose from while the write is asking."""
    return [msgspec.convert(kept, Slot) for kept in write.result.get("alternatives", [])]


def _go(
    write: Write, onward: Onward, *, ended: dict[str, str], person: Any, now: datetime
) -> Sequence[UUID]:
    kind = kind_of(write.kind)
    try:
        return go(kind, write, onward, ended=ended, now=now, result=write.result, person=person)
    except journal.Lost:
        raise AlreadySettled from None


def _offered(write: Write, ref: SlotRef) -> Slot:
    resource = Resource.objects.filter(organisation=write.organisation, pk=ref.resource_pk).first()
    slot = evidence.find(
        alternatives(write),
        resource_id=resource.connect_id if resource else "",
        starts_at=ref.starts_at,
    )
    if slot is None:
        raise SlotGone
    return slot


def _as_of(write: Write) -> datetime | None:
    known = write.result.get("as_of")
    return datetime.fromisoformat(known) if known else None


def _expect(write: Write, state: State) -> None:
    if write.state != state:
        raise AlreadySettled


def _move(
    write: Write, target: State, reason: Reason, *, person: Any, now: datetime, **changes: Any
) -> None:
    try:
        journal.move(write, target, reason=reason, person=person, now=now, **changes)
    except journal.Lost:
        raise AlreadySettled from None
