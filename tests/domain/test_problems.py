"""Why something could not be read, and when the next try is due."""

from datetime import timedelta

import pytest

from bookingapp import connect
from bookingapp.domain.errors import NoToken
from bookingapp.domain.problems import next_try_at, problem_of
from tests.domain.availability_world import NOW


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (connect.Unreachable("reset"), "not_reached"),
        (connect.GatewayFailed(status=502), "not_reached"),
        (connect.CircuitOpen(), "not_reached"),
        (connect.ServerFailed(status=500), "connect_failed"),
        (connect.Refused(status=400), "connect_failed"),
        (connect.Redirected(status=302), "connect_failed"),
        (connect.RateLimited(status=429), "slow_down"),
        (connect.Throttled(), "slow_down"),
        (connect.TokenRejected(status=401), "token_rejected"),
        (connect.ScopeTooNarrow(status=403), "scope_too_narrow"),
        (NoToken(connect.Scope.READ), "no_token"),
        (connect.Missing(status=404), "vanished"),
        (connect.Unreadable("$"), "unreadable"),
        (ZeroDivisionError(), "broken"),
    ],
)
def test_every_failure_has_a_code(error, code):
    assert problem_of(error) == code


def test_tries_are_spaced_out_up_to_half_a_minute():
    waits = [
        (next_try_at(connect.Unreachable(), tries=tries, now=NOW) - NOW).total_seconds()
        for tries in (1, 2, 3, 4, 5, 6, 500)
    ]
    assert waits == [2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(("asked", "waited"), [(None, 2), (1, 2), (45, 45), (10**9, 900)])
def test_connect_may_ask_for_longer(asked, waited):
    error = connect.RateLimited(status=429, retry_after=asked)
    assert next_try_at(error, tries=1, now=NOW) == NOW + timedelta(seconds=waited)


@pytest.mark.parametrize(("seconds", "waited"), [(-5, 1), (3, 3), (99_999, 900)])
def test_our_own_guard_knows_best_when_it_lets_a_call_through(seconds, waited):
    error = connect.CircuitOpen(retry_at=NOW + timedelta(seconds=seconds))
    assert next_try_at(error, tries=9, now=NOW) == NOW + timedelta(seconds=waited)
