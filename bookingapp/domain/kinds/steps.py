"""Moves that all kinds share: done, refused, put off, handed to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import audit, catalogue, journal, pauses
from bookingapp.domain.answers import Failure, backoff, judge
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.sending import Answer
from bookingapp.domain.states import PAUSES, TERMINAL, Outcome, Reason, State

# Nothing was sent, or Connect said "not now": these may go on for as long as it takes.
PATIENT = frozenset({Reason.NOT_REACHED, Reason.SLOW_DOWN, Reason.CIRCUIT_OPEN})


def settle(
    kind: KindOfWrite, write: Write, answer: Answer[Any], *, result: dict[str, Any] | None = None
) -> Sequence[UUID]:
    """Record the outcome and make the move that every kind makes for it."""
    if answer.judgement.outcome == Outcome.DONE:
        return done(kind, write, answer)
    if _confirmed_before(write, answer):
        return end(kind, write, answer, State.STUCK, reason=Reason.SECOND_ANSWER)
    match answer.judgement.outcome:
        case Outcome.REFUSED:
            if answer.judgement.reason == Reason.VANISHED:
                catalogue.refresh_soon(write.organisation, now=answer.at)
            return end(kind, write, answer, State.REFUSED, result=_refusal(answer))
        case Outcome.LATER:
            return put_off(kind, write, answer)
        case Outcome.UNSURE:
            return _unsure(write, answer)
        case _:
            return end(kind, write, answer, State.STUCK, result=result or _refusal(answer))


def done(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    """The answer is 2xx: mirror it. After the lease was lost it is proof all the same."""
    try:
        with transaction.atomic():
            twice = _confirmed_before(write, answer)
            answer.close()
            reason = Reason.SECOND_ANSWER if twice else Reason.NONE
            return _finish(kind, write, answer, reason)
    except journal.Lost:
        return _late(kind, write, answer)


def end(
    kind: KindOfWrite,
    write: Write,
    answer: Answer[Any],
    target: State,
    *,
    reason: Reason | None = None,
    result: dict[str, Any] | None = None,
) -> Sequence[UUID]:
    with transaction.atomic():
        answer.close()
        merged = {**write.result, **(result or {})}
        why = reason or answer.judgement.reason
        journal.move(write, target, reason=why, now=answer.at, result=merged)
        return kind.after_end(write, now=answer.at)


def put_off(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    """Try later; pause when it is for want of a token; hand over when the cap is reached."""
    why = answer.judgement.reason
    if why in PAUSES:
        return pause(write, reason=why, scope=_scope(kind, answer), now=answer.at, answer=answer)
    limit = policy_of(write.organisation.settings).later_limit
    failures = write.attempts.filter(outcome=Outcome.LATER, reason=Reason.CONNECT_FAILED).count()
    if why not in PATIENT and failures + 1 >= limit:
        return end(kind, write, answer, State.STUCK, reason=Reason.GAVE_UP)
    due = answer.at + timedelta(seconds=answer.judgement.wait_seconds or 0)
    with transaction.atomic():
        answer.close()
        journal.move(write, State.WAITING, reason=why, now=answer.at, due_at=due)
    return ()


def pause(
    write: Write,
    *,
    reason: Reason,
    scope: str,
    now: datetime,
    answer: Answer[Any] | None = None,
) -> Sequence[UUID]:
    with transaction.atomic():
        # The organisation first, as resuming does: neither can wait for the other.
        pauses.pause(write.organisation, reason=reason, scope=scope, now=now)
        if answer:
            answer.close()
        journal.move(
            write, State.WAITING, reason=reason, now=now, result={**write.result, "scope": scope}
        )
    return ()


def unread(kind: KindOfWrite, write: Write, error: Failure, *, now: datetime) -> None:
    """Availability cannot be read. Nothing was sent, so the write waits; what time alone cannot
    mend is refused or handed to a person.
    """
    tries = write.result.get("unread", 0) + 1
    result = {**write.result, "unread": tries}
    judgement = judge(error, unsure_before=False, tries=tries)
    limit = policy_of(write.organisation.settings).later_limit
    if judgement.reason in PAUSES:
        pause(write, reason=judgement.reason, scope=kind.scope.value, now=now)
    elif judgement.reason == Reason.VANISHED:
        catalogue.refresh_soon(write.organisation, now=now)
        journal.move(write, State.REFUSED, reason=Reason.VANISHED, now=now, result=result)
    elif judgement.outcome in {Outcome.REFUSED, Outcome.NEEDS_PERSON}:
        journal.move(write, State.STUCK, reason=judgement.reason, now=now, result=result)
    elif judgement.reason not in PATIENT and tries >= limit:
        journal.move(write, State.STUCK, reason=Reason.GAVE_UP, now=now, result=result)
    else:
        due = now + timedelta(seconds=judgement.wait_seconds or backoff(tries))
        why = Reason.NO_AVAILABILITY
        journal.move(write, State.WAITING, reason=why, now=now, due_at=due, result=result)


def _scope(kind: KindOfWrite, answer: Answer[Any]) -> str:
    needed = getattr(answer.error, "needed", None)
    return needed.value if isinstance(needed, connect.Scope) else kind.scope.value


def _unsure(write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    with transaction.atomic():
        answer.close()
        soon = answer.at + timedelta(seconds=1)
        journal.move(
            write, State.CHECKING, reason=answer.judgement.reason, now=answer.at, due_at=soon
        )
    return ()


def _late(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    with transaction.atomic():
        fresh = Write.objects.select_related("organisation", "lead").get(pk=write.pk)
        answer.attempt.refresh_from_db()
        answer.close(evidence={"late": True})
        if fresh.state in TERMINAL:
            return _tell_twice(fresh, answer)
        if fresh.state == State.SENDING:
            # Another hand is at it; it finds this attempt when it records its own.
            return ()
        return _finish(kind, fresh, answer, Reason.LATE_ANSWER)


def _finish(kind: KindOfWrite, write: Write, answer: Answer[Any], reason: Reason) -> Sequence[UUID]:
    """The move comes first: whoever lost the write must not touch the mirror."""
    journal.move(write, State.DONE, reason=reason, now=answer.at)
    write.result = {**write.result, **kind.apply(write, answer.value, now=answer.at)}
    Write.objects.filter(pk=write.pk).update(result=write.result)
    return kind.after_end(write, now=answer.at)


def _confirmed_before(write: Write, answer: Answer[Any]) -> bool:
    others = write.attempts.filter(outcome=Outcome.DONE).exclude(pk=answer.attempt.pk)
    return others.exists()


def _tell_twice(write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    """It had ended without this answer: said under Needs you, since two may be there."""
    told = str(getattr(answer.value, "id", ""))
    result = {**write.result, "second_id": told}
    Write.objects.filter(pk=write.pk).update(
        reason=Reason.SECOND_ANSWER, seen_at=None, result=result
    )
    audit.record_move(
        write,
        source=write.state,
        target=write.state,
        reason=Reason.SECOND_ANSWER,
        at=answer.at,
        details={"second_id": told},
    )
    return ()


def _refusal(answer: Answer[Any]) -> dict[str, Any]:
    messages = getattr(answer.error, "messages", ()) or (
        (answer.message,) if answer.message else ()
    )
    return {"messages": list(messages), "status": answer.status}
