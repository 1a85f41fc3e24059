"""What an answer from Connect means for a write (design 4.2). Pure: error in, judgement out."""

from __future__ import annotations

from dataclasses import dataclass

from bookingapp import connect
from bookingapp.domain.errors import NoToken
from bookingapp.domain.states import Outcome, Reason

Failure = connect.ConnectError | NoToken

FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """``wait_seconds``: how long to put it off; None where time alone does not help."""

    outcome: Outcome
    reason: Reason
    wait_seconds: float | None = None


def judge(  # noqa: C901, PLR0911 - a table, row by row
    error: Failure, *, unsure_before: bool, tries: int
) -> Judgement:
    """``unsure_before``: an earlier attempt of the same write may have happened.

    ``tries``: attempts made so far, this one included; it spaces out the next ones.
    """
    match error:
        case connect.SlotTaken() | connect.Conflict():
            return _taken(error, unsure_before=unsure_before)
        case NoToken():
            return Judgement(Outcome.LATER, Reason.NO_TOKEN)
        case connect.TokenRejected():
            return Judgement(Outcome.LATER, Reason.TOKEN_REJECTED)
        case connect.ScopeTooNarrow():
            return Judgement(Outcome.LATER, Reason.SCOPE_TOO_NARROW)
        case connect.Missing(has_envelope=True):
            return Judgement(Outcome.REFUSED, Reason.VANISHED)
        case connect.Missing():
            # Not in Connect's own form: a wrong address or something in between.
            return Judgement(Outcome.NEEDS_PERSON, Reason.BROKEN)
        case connect.Refused():
            return Judgement(Outcome.REFUSED, Reason.INVALID)
        case connect.Redirected():
            return Judgement(Outcome.NEEDS_PERSON, Reason.REDIRECTED)
        case _:
            return _trouble(error, tries)


def backoff(tries: int) -> float:
    """Seconds before the next try: doubling, capped. Writes share no clock, so no jitter."""
    return min(FIRST_WAIT * 2.0 ** max(tries - 1, 0), LONGEST_WAIT)


def _taken(error: Failure, *, unsure_before: bool) -> Judgement:
    # Straight after a lost answer, "no longer available" may be about our own booking.
    if unsure_before:
        return Judgement(Outcome.UNSURE, Reason.ANSWER_LOST)
    reason = Reason.SLOT_TAKEN if isinstance(error, connect.SlotTaken) else Reason.CONFLICT
    return Judgement(Outcome.SLOT_TAKEN, reason)


def _trouble(error: Failure, tries: int) -> Judgement:
    match error:
        case connect.RateLimited(retry_after=wait):
            return Judgement(Outcome.LATER, Reason.SLOW_DOWN, wait or backoff(tries))
        case connect.NotSent():
            return Judgement(Outcome.LATER, Reason.CIRCUIT_OPEN, backoff(tries))
        case connect.ServerFailed():
            return Judgement(Outcome.LATER, Reason.CONNECT_FAILED, backoff(tries))
        case connect.Unreachable(maybe_applied=False) | connect.GatewayFailed(maybe_applied=False):
            return Judgement(Outcome.LATER, Reason.NOT_REACHED, backoff(tries))
        case connect.Unreachable():
            return Judgement(Outcome.UNSURE, Reason.ANSWER_LOST)
        case connect.GatewayFailed():
            return Judgement(Outcome.UNSURE, Reason.GATEWAY_FAILED)
        case connect.Unreadable():
            return Judgement(Outcome.UNSURE, Reason.ANSWER_UNREADABLE)
        case _:
            return Judgement(Outcome.NEEDS_PERSON, Reason.BROKEN)
