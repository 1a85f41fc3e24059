"""What every kind does with an answer: go on, put it off, pause, or hand it to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import journal, pauses
from bookingapp.domain.answers import Failure, backoff, judge
from bookingapp.domain.kinds import finishing
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.sending import Answer
from bookingapp.domain.states import PAUSES, Outcome, Reason, State

# Nothing was sent, or Connect said "not now": these may go on for as long as it takes.
PATIENT = frozenset({Reason.NOT_REACHED, Reason.SLOW_DOWN, Reason.CIRCUIT_OPEN})


def settle(
    kind: KindOfWrite, write: Write, answer: Answer[Any], *, result: dict[str, Any] | None = None
) -> Sequence[UUID]:
    """Record the outcome and make the move that every kind makes for it."""
    if answer.judgement.outcome == Outcome.DONE:
        return finishing.done(kind, write, answer)
    if finishing.confirmed_before(write, answer) and not kind.is_repeatable(write):
        return end(kind, write, answer, State.STUCK, reason=Reason.SECOND_ANSWER)
    match answer.judgement.outcome:
        case Outcome.REFUSED:
            return finishing.turn_down(
                kind, write, answer.judgement.reason, now=answer.at, answer=answer
            )
        case Outcome.LATER:
            return put_off(kind, write, answer)
        case Outcome.UNSURE:
            return _unsure(write, answer)
        case _:
            return end(kind, write, answer, State.STUCK, result=result or finishing.refusal(answer))


def end(
    kind: KindOfWrite,
    write: Write,
    answer: Answer[Any],
    target: State,
    *,
    reason: Reason | None = None,
    result: dict[str, Any] | None = None,
) -> Sequence[UUID]:
    """Leave it to a person, or end it, with the answer on record."""
    with transaction.atomic():
        answer.close()
        merged = {**write.result, **(result or {})}
        why = reason or answer.judgement.reason
        if target == State.STUCK:
            why = kind.stuck_as(write, why)
        journal.move(write, target, reason=why, now=answer.at, result=merged)
        return kind.after_end(write, now=answer.at)


def put_off(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    """Try later; pause when it is for want of a token; hand over when the cap is reached."""
    why = answer.judgement.reason
    if why in PAUSES:
        return pause(
            write, reason=why, scope=_scope(kind, write, answer), now=answer.at, answer=answer
        )
    limit = policy_of(write.organisation.settings).later_limit
    failures = write.tries.filter(outcome=Outcome.LATER, reason=Reason.CONNECT_FAILED).count()
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
        scope = kind.scope_of(write).value
        pause(write, reason=judgement.reason, scope=scope, now=now)
    elif judgement.reason == Reason.VANISHED:
        write.result = result
        finishing.turn_down(kind, write, Reason.VANISHED, now=now)
    elif judgement.outcome in {Outcome.REFUSED, Outcome.NEEDS_PERSON}:
        _stick(kind, write, judgement.reason, now=now, result=result)
    elif judgement.reason not in PATIENT and tries >= limit:
        _stick(kind, write, Reason.GAVE_UP, now=now, result=result)
    else:
        due = now + timedelta(seconds=judgement.wait_seconds or backoff(tries))
        why = Reason.NO_AVAILABILITY
        journal.move(write, State.WAITING, reason=why, now=now, due_at=due, result=result)


def _stick(
    kind: KindOfWrite, write: Write, reason: Reason, *, now: datetime, result: dict[str, Any]
) -> None:
    why = kind.stuck_as(write, reason)
    journal.move(write, State.STUCK, reason=why, now=now, result=result)


def _scope(kind: KindOfWrite, write: Write, answer: Answer[Any]) -> str:
    needed = getattr(answer.error, "needed", None)
    return needed.value if isinstance(needed, connect.Scope) else kind.scope_of(write).value


def _unsure(write: Write, answer: Answer[Any]) -> Sequence[UUID]:
    with transaction.atomic():
        answer.close()
        soon = answer.at + timedelta(seconds=1)
        journal.move(
            write, State.CHECKING, reason=answer.judgement.reason, now=answer.at, due_at=soon
        )
    return ()
