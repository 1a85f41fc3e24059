"""Moves that all kinds share: done, refused, put off, handed to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import journal, pauses
from bookingapp.domain.answers import Judgement
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.sending import Answer
from bookingapp.domain.states import PAUSES, Outcome, Reason, State

# Seconds until availability that could not be read is asked for again.
READ_AGAIN = 5.0
# Nothing was sent, or Connect said "not now": these may go on for as long as it takes.
PATIENT = frozenset({Reason.NOT_REACHED, Reason.SLOW_DOWN, Reason.CIRCUIT_OPEN})


def settle(
    kind: KindOfWrite, write: Write, answer: Answer[Any], *, result: dict[str, Any] | None = None
) -> Sequence[UUID]:
    """Record the outcome and make the move that every kind makes for it."""
    match answer.judgement.outcome:
        case Outcome.DONE:
            return done(kind, write, answer)
        case Outcome.REFUSED:
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
            answer.close()
            known = {**write.result, **kind.apply(write, answer.value, now=answer.at)}
            journal.move(write, State.DONE, reason=Reason.NONE, now=answer.at, result=known)
            return kind.after_end(write, now=answer.at)
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
        if answer:
            answer.close()
        journal.move(
            write, State.WAITING, reason=reason, now=now, result={**write.result, "scope": scope}
        )
        pauses.pause(write.organisation, reason=reason, scope=scope, now=now)
    return ()


def wait_for_reading(
    kind: KindOfWrite, write: Write, judgement: Judgement, *, now: datetime
) -> None:
    """Availability cannot be read: nothing was sent, so the write simply waits."""
    if judgement.reason in PAUSES:
        pause(write, reason=judgement.reason, scope=kind.scope.value, now=now)
        return
    due = now + timedelta(seconds=judgement.wait_seconds or READ_AGAIN)
    journal.move(write, State.WAITING, reason=Reason.NO_AVAILABILITY, now=now, due_at=due)


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
        if fresh.state not in {State.CHECKING, State.STUCK}:
            return ()
        known = {**fresh.result, **kind.apply(fresh, answer.value, now=answer.at)}
        journal.move(fresh, State.DONE, reason=Reason.LATE_ANSWER, now=answer.at, result=known)
        return kind.after_end(fresh, now=answer.at)


def _refusal(answer: Answer[Any]) -> dict[str, Any]:
    messages = getattr(answer.error, "messages", ()) or (
        (answer.message,) if answer.message else ()
    )
    return {"messages": list(messages), "status": answer.status}
