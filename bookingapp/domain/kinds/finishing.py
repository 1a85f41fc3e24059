"""How a step ends, and with the last one the write: done, turned down, or done late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp.domain import audit, catalogue, journal
from bookingapp.domain.kinds.plan import DELETE, DONE, FAILED
from bookingapp.domain.kinds.protocol import KindOfWrite, Onward
from bookingapp.domain.models import Write
from bookingapp.domain.sending import Answer
from bookingapp.domain.states import TERMINAL, Outcome, Reason, State


def done(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    """The answer is 2xx: mirror it. After the lease was lost it is proof all the same."""
    try:
        with transaction.atomic():
            twice = confirmed_before(write, answer) and not kind.is_repeatable(write)
            answer.close()
            return _finish(kind, write, answer, Reason.SECOND_ANSWER if twice else Reason.NONE)
    except journal.Lost:
        return _late(kind, write, answer)


def turn_down(
    kind: KindOfWrite,
    write: Write,
    reason: Reason,
    *,
    now: datetime,
    answer: Answer[Any] | None = None,
) -> Sequence[UUID]:
    """Connect will not do this step: the write ends, or goes on to what makes up for it."""
    if reason == Reason.VANISHED:
        catalogue.refresh_soon(write.organisation, now=now)
    told = refusal(answer) if answer else {}
    result = {**write.result, **told}
    with transaction.atomic():
        if answer:
            answer.close()
        if stuck := kind.fails_as(write):
            journal.move(write, State.STUCK, reason=stuck, now=now, result=result)
            return kind.after_end(write, now=now)
        # On the write as well: its end says why, if this is what leads to it.
        write.result = result = {**result, "why": str(reason)}
        ended = {**ended_of(write), write.step: FAILED}
        onward = kind.onward(write, ended=ended) if write.step else Onward(State.REFUSED, reason)
        return go(kind, write, onward, ended=ended, now=now, result=result)


def ended_of(write: Write) -> dict[str, str]:
    """The steps of this write that have ended: names to done or failed."""
    return dict(write.result.get("steps", {}))


def go(
    kind: KindOfWrite,
    write: Write,
    onward: Onward,
    *,
    ended: dict[str, str],
    now: datetime,
    result: dict[str, Any],
    person: Any = None,
) -> Sequence[UUID]:
    """Make the move to ``onward``. Call it inside the transaction of what led to it."""
    if write.step:
        result = {**result, "steps": ended}
    goes_on = onward.state == State.DUE
    journal.move(
        write,
        onward.state,
        reason=onward.reason,
        now=now,
        person=person,
        due_at=now if goes_on else None,
        step=onward.step,
        payload=onward.payload or write.payload,
        result=result,
    )
    return (write.pk,) if goes_on else kind.after_end(write, now=now)


def _late(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    with transaction.atomic():
        # Locked: a move of somebody else between this look and ours would lose the proof.
        related = Write.objects.select_for_update(of=("self",))
        fresh = related.select_related("organisation", "lead", "about").get(pk=write.pk)
        answer.attempt.refresh_from_db()
        answer.close(evidence={"late": True})
        if fresh.state in TERMINAL or fresh.step != answer.attempt.step:
            _tell_twice(kind, fresh, answer)
            return ()
        if fresh.state == State.SENDING and fresh.attempts.filter(ended_at=None).exists():
            # Another hand is at it; it finds this attempt when it records its own. A hand that has
            # not sent anything yet loses the write instead, and sends nothing.
            return ()
        return _finish(kind, fresh, answer, Reason.LATE_ANSWER)


def _finish(kind: KindOfWrite, write: Write, answer: Answer[Any], reason: Reason) -> Sequence[UUID]:
    """The move comes first: whoever lost the write must not touch the mirror."""
    step, at = write.step, answer.at
    ended = {**ended_of(write), step: DONE}
    onward = kind.onward(write, ended=ended)
    if onward.state == State.DONE and reason:
        onward = replace(onward, reason=reason)
    followers = go(kind, write, onward, ended=ended, now=at, result=write.result)
    write.result = {**write.result, **kind.apply(write, answer.value, step=step, now=at)}
    Write.objects.filter(pk=write.pk).update(result=write.result)
    return followers


def confirmed_before(write: Write, answer: Answer[Any]) -> bool:
    others = write.tries.filter(outcome=Outcome.DONE).exclude(pk=answer.attempt.pk)
    return others.exists()


def _tell_twice(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> None:
    """The step had ended without this answer: said under Needs you, since two may be there."""
    then = answer.attempt.write
    then.step = answer.attempt.step
    if kind.is_repeatable(then):
        if then.step == DELETE:
            # For good, whatever was decided meanwhile.
            kind.apply(then, answer.value, step=then.step, now=answer.at)
        return
    told = str(getattr(answer.value, "id", ""))
    audit.record_move(
        write,
        source=write.state,
        target=write.state,
        reason=Reason.SECOND_ANSWER,
        at=answer.at,
        details={"second_id": told},
    )
    # What is not at its end yet finds this attempt when it gets there.
    if write.state in TERMINAL:
        result = {**write.result, "second_id": told}
        Write.objects.filter(pk=write.pk).update(
            reason=Reason.SECOND_ANSWER, seen_at=None, result=result
        )


def refusal(answer: Answer[Any]) -> dict[str, Any]:
    messages = getattr(answer.error, "messages", ()) or (
        (answer.message,) if answer.message else ()
    )
    return {"messages": list(messages), "status": answer.status}
