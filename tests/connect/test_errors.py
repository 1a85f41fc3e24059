"""Errors carry facts, stay short, and survive a trip between processes."""

import pickle
from datetime import UTC, datetime

import pytest

from bookingapp import connect
from bookingapp.connect.redaction import clean

TREE = [
    connect.CircuitOpen,
    connect.Throttled,
    connect.Unreachable,
    connect.Unreadable,
    connect.GatewayFailed,
    connect.ServerFailed,
    connect.RateLimited,
    connect.Refused,
    connect.SlotTaken,
    connect.Conflict,
    connect.Missing,
    connect.TokenRejected,
    connect.ScopeTooNarrow,
    connect.Redirected,
]


@pytest.mark.parametrize("kind", TREE)
def test_every_error_is_of_the_tree_and_can_be_made_bare(kind):
    error = kind()
    assert isinstance(error, connect.ConnectError)
    assert (error.status, error.message, error.call_name, error.request_id) == (None, "", "", "")
    assert error.maybe_applied is False
    assert str(error) == kind.__name__


@pytest.mark.parametrize("kind", TREE)
def test_every_error_survives_pickling(kind):
    error = kind("why")
    error.call_name, error.request_id, error.maybe_applied = "book", "r1", True
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert vars(back) == vars(error)


def test_error_prints_its_facts():
    error = connect.Refused("no\x00thing\nhere", status=400, call_name="book")
    assert str(error) == "book 400 no thing here"


def test_held_back_call_says_until_when():
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert connect.CircuitOpen("x", retry_at=at).retry_at == at
    assert isinstance(connect.Throttled(), connect.NotSent)


def test_message_is_short_however_long_the_text():
    message = connect.Refused("x" * 10_000_000).message
    assert len(message) == 500
    assert message.endswith("…")
    refused = connect.Refused(messages=("y" * 600, "a\u202eb"))
    assert [len(text) for text in refused.messages] == [500, 3]


def test_target_host_is_bounded():
    assert len(connect.Redirected(target_host="h" * 1000).target_host) == 253


def test_clean_replaces_what_cannot_be_encoded():
    assert clean("a\ud800b") == "a b"
