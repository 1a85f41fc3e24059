"""Design table 4.2, row by row."""

import pytest

from bookingapp import connect
from bookingapp.connect import Scope
from bookingapp.domain.answers import LONGEST_WAIT, backoff, judge
from bookingapp.domain.errors import NoToken
from bookingapp.domain.states import Outcome, Reason

ROWS = [
    (connect.SlotTaken(status=400), Outcome.SLOT_TAKEN, Reason.SLOT_TAKEN),
    (connect.Conflict(status=409), Outcome.SLOT_TAKEN, Reason.CONFLICT),
    (connect.Refused(status=400), Outcome.REFUSED, Reason.INVALID),
    (connect.Refused(status=422), Outcome.REFUSED, Reason.INVALID),
    (connect.TokenRejected(status=401), Outcome.LATER, Reason.TOKEN_REJECTED),
    (connect.ScopeTooNarrow(status=403), Outcome.LATER, Reason.SCOPE_TOO_NARROW),
    (NoToken(Scope.WRITE), Outcome.LATER, Reason.NO_TOKEN),
    (connect.Missing(status=404, has_envelope=True), Outcome.REFUSED, Reason.VANISHED),
    (connect.Missing(status=404), Outcome.NEEDS_PERSON, Reason.BROKEN),
    (connect.RateLimited(status=429, retry_after=7.0), Outcome.LATER, Reason.SLOW_DOWN),
    (connect.ServerFailed(status=500), Outcome.LATER, Reason.CONNECT_FAILED),
    (connect.GatewayFailed(status=502, maybe_applied=True), Outcome.UNSURE, Reason.GATEWAY_FAILED),
    (connect.GatewayFailed(status=502, maybe_applied=False), Outcome.LATER, Reason.NOT_REACHED),
    (connect.Unreachable(maybe_applied=True), Outcome.UNSURE, Reason.ANSWER_LOST),
    (connect.Unreachable(maybe_applied=False), Outcome.LATER, Reason.NOT_REACHED),
    (connect.Unreadable(status=200, maybe_applied=True), Outcome.UNSURE, Reason.ANSWER_UNREADABLE),
    (connect.CircuitOpen(), Outcome.LATER, Reason.CIRCUIT_OPEN),
    (connect.Throttled(), Outcome.LATER, Reason.CIRCUIT_OPEN),
    (connect.Redirected(status=302), Outcome.NEEDS_PERSON, Reason.REDIRECTED),
]


@pytest.mark.parametrize(("error", "outcome", "reason"), ROWS, ids=lambda value: str(value)[:40])
def test_each_answer_means_one_thing(error, outcome, reason):
    judgement = judge(error, unsure_before=False, tries=1)
    assert (judgement.outcome, judgement.reason) == (outcome, reason)


@pytest.mark.parametrize("error", [connect.SlotTaken(status=400), connect.Conflict(status=409)])
def test_taken_after_a_lost_answer_is_still_unsure(error):
    assert judge(error, unsure_before=True, tries=2).outcome == Outcome.UNSURE


def test_retry_after_is_honoured():
    error = connect.RateLimited(status=429, retry_after=7.0)
    assert judge(error, unsure_before=False, tries=1).wait_seconds == 7.0


def test_waiting_for_a_token_is_not_a_matter_of_time():
    assert judge(NoToken(Scope.WRITE), unsure_before=False, tries=1).wait_seconds is None


def test_waits_grow_and_stay_capped():
    waits = [backoff(tries) for tries in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert waits[-1] == LONGEST_WAIT
