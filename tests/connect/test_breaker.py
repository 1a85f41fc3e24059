"""The circuit breaker as a value: what opens it, what closes it, who may probe."""

import pytest

from bookingapp import connect
from bookingapp.connect.breaker import (
    CLOSED,
    BreakerPolicy,
    BreakerState,
    Position,
    after_failure,
    after_success,
    is_failure,
    position,
)

POLICY = BreakerPolicy(failures=3, window_seconds=60, cool_down_seconds=5, cool_down_cap_seconds=15)


def failed(*times, state=CLOSED):
    for at in times:
        state = after_failure(state, at, POLICY)
    return state


def test_failures_in_a_row_open_it():
    assert position(failed(1, 2), 3) is Position.CLOSED
    opened = failed(1, 2, 3)
    assert position(opened, 3) is position(opened, 7.9) is Position.OPEN
    assert position(opened, 8) is Position.HALF_OPEN
    assert opened.retry_at == 8


def test_failures_far_apart_do_not_open_it():
    assert position(failed(0, 59, 61), 62) is Position.CLOSED
    assert failed(0, 59, 61).failed_at == (59, 61)


def test_success_forgets_the_failures():
    assert after_success(failed(1, 2)) == CLOSED
    assert CLOSED.retry_at == 0


def test_cool_down_doubles_to_its_cap_while_probes_fail():
    state, lengths = failed(0, 0, 0), []
    for _ in range(4):
        lengths.append(state.cool_down_seconds)
        state = after_failure(state, state.retry_at, POLICY)
    assert lengths == [5, 10, 15, 15]
    assert after_success(state) == CLOSED


def test_failure_of_a_call_from_before_changes_nothing():
    opened = failed(1, 2, 3)
    assert after_failure(opened, 4, POLICY) is opened


@pytest.mark.parametrize("state", [CLOSED, failed(1, 2), failed(1, 2, 3)])
def test_state_survives_its_storage(state):
    assert BreakerState.from_dict(state.as_dict()) == state


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"failed_at": 3, "opened_at": None, "cool_down_seconds": 1},
        {"failed_at": [], "opened_at": "soon", "cool_down_seconds": 1},
        {"failed_at": [], "opened_at": float("nan"), "cool_down_seconds": 1},
        {"failed_at": [], "opened_at": 1e300, "cool_down_seconds": 1},
        {"failed_at": [10**400], "opened_at": None, "cool_down_seconds": 1},
    ],
    ids=str,
)
def test_state_that_cannot_be_read_is_a_closed_breaker(raw):
    assert BreakerState.from_dict(raw) == CLOSED


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (None, False),
        (connect.Unreachable(), True),
        (connect.GatewayFailed(), True),
        (connect.Unreadable(reason="truncated"), True),
        (connect.Unreadable(reason="malformed"), True),
        (connect.Unreadable(reason="shape"), False),
        (connect.ServerFailed(), False),
        (connect.RateLimited(), False),
        (connect.TokenRejected(), False),
        (connect.SlotTaken(), False),
    ],
    ids=str,
)
def test_only_trouble_on_the_way_counts(error, counts):
    assert is_failure(error) is counts
