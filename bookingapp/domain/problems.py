"""Why something could not be read from Connect, as a code, and when to try again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookingapp import connect
from bookingapp.domain.errors import NoToken

NOT_REACHED = "not_reached"
ADDRESS_CLOSED = "address_closed"
CONNECT_FAILED = "connect_failed"
SLOW_DOWN = "slow_down"
TOKEN_REJECTED = "token_rejected"
SCOPE_TOO_NARROW = "scope_too_narrow"
NO_TOKEN = "no_token"
VANISHED = "vanished"
UNREADABLE = "unreadable"
# A fault of our own; the log has it.
BROKEN = "broken"

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 30.0
# Whatever Connect asks for, a person should not be shown the same old week for longer.
LONGEST_ASKED_SECONDS = 900.0


# Looked through in this order: the first that fits counts.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (NoToken, NO_TOKEN),
    (connect.TokenRejected, TOKEN_REJECTED),
    (connect.ScopeTooNarrow, SCOPE_TOO_NARROW),
    (connect.Missing, VANISHED),
    (connect.Unreadable, UNREADABLE),
    (connect.RateLimited, SLOW_DOWN),
    (connect.Throttled, SLOW_DOWN),
    # The circuit opens because Connect did not answer, or answered only with failures.
    (connect.CircuitOpen, NOT_REACHED),
    (connect.AddressRefused, ADDRESS_CLOSED),
    (connect.Unreachable, NOT_REACHED),
    (connect.GatewayFailed, NOT_REACHED),
    (connect.ConnectError, CONNECT_FAILED),
)


def problem_of(error: Exception) -> str:
    """The code for what went wrong."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), BROKEN)


def next_try_at(error: Exception, *, tries: int, now: datetime) -> datetime:
    """2, 4, 8 … 30 seconds after the ``tries``-th failure in a row, later if Connect asked so."""
    wait = min(FIRST_WAIT_SECONDS * 2.0 ** min(tries - 1, 10), LONGEST_WAIT_SECONDS)
    asked = getattr(error, "retry_after", None) or 0.0
    soonest = now + timedelta(seconds=max(wait, min(asked, LONGEST_ASKED_SECONDS)))
    retry_at: datetime | None = getattr(error, "retry_at", None)
    if retry_at is None:
        return soonest
    # Only our own guard says so: then it alone knows, and its word may be sooner than ours.
    latest = now + timedelta(seconds=LONGEST_ASKED_SECONDS)
    return min(max(retry_at, now + timedelta(seconds=1)), latest)
