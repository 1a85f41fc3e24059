"""Reads are repeated a little, writes never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp import connect
from bookingapp.connect import next_delay

PASSING = [
    connect.Unreachable(),
    connect.GatewayFailed(),
    connect.ServerFailed(),
    connect.RateLimited(),
    connect.Unreadable(reason="malformed"),
    connect.Unreadable(reason="truncated"),
]
LASTING = [
    connect.Unreadable(reason="shape"),
    connect.Unreadable(reason="too large"),
    connect.Unreadable(reason="encoding"),
    connect.Refused(),
    connect.SlotTaken(),
    connect.Conflict(),
    connect.Missing(),
    connect.TokenRejected(),
    connect.ScopeTooNarrow(),
    connect.Redirected(),
    connect.CircuitOpen(),
    connect.Throttled(),
]
JITTER = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    "error", PASSING, ids=lambda e: f"{type(e).__name__}-{vars(e).get('reason')}"
)
def test_passing_trouble_of_a_read_is_tried_three_times(error):
    delays = [next_delay(error, tries, is_read=True, jitter=0.5) for tries in (1, 2, 3)]
    assert 0 < delays[0] <= delays[1]
    assert delays[2] is None


@pytest.mark.parametrize(
    "error", LASTING, ids=lambda e: f"{type(e).__name__}-{vars(e).get('reason')}"
)
def test_lasting_trouble_is_not_repeated(error):
    assert next_delay(error, 1, is_read=True, jitter=0) is None


@given(st.sampled_from(PASSING + LASTING), st.integers(1, 5), JITTER)
def test_write_is_never_repeated(error, tries, jitter):
    assert next_delay(error, tries, is_read=False, jitter=jitter) is None


@given(st.floats(0, 900), JITTER)
def test_wait_that_was_asked_for_is_kept_or_left_to_the_caller(asked, jitter):
    delay = next_delay(connect.RateLimited(retry_after=asked), 1, is_read=True, jitter=jitter)
    assert delay is None if asked > 2 else asked <= delay <= asked + 0.2


def test_busy_gateway_is_heard_too():
    error = connect.GatewayFailed(retry_after=30)
    assert next_delay(error, 1, is_read=True, jitter=0) is None


def test_rate_limit_that_says_nothing_is_given_a_second():
    assert next_delay(connect.RateLimited(), 1, is_read=True, jitter=0) >= 1


def test_jitter_spreads_the_callers():
    early, late = (
        next_delay(connect.Unreachable(), 1, is_read=True, jitter=jitter) for jitter in (0, 0.99)
    )
    assert early == pytest.approx(0.1)
    assert late == pytest.approx(0.2, rel=0.01)
