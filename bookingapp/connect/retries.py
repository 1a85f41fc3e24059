"""Whether and when to repeat a call: a decision about an error, made without a clock."""

from __future__ import annotations

from .errors import (
    AddressRefused,
    ConnectError,
    GatewayFailed,
    RateLimited,
    ServerFailed,
    Unreachable,
    Unreadable,
)

MOST_TRIES = 3
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 2.0
UNSAID_RATE_LIMIT_SECONDS = 1.0


def next_delay(error: ConnectError, tries: int, *, is_read: bool, jitter: float) -> float | None:
    """Seconds to wait before repeating after ``tries`` tries, or None for "do not repeat".

    Only reads are ever repeated: a write may have happened, and the journal decides about those.
    ``jitter`` in [0, 1) spreads the callers over the second half of the delay.
    """
    if not is_read or tries >= MOST_TRIES or not _is_passing(error):
        return None
    asked = error.retry_after
    if asked is None and isinstance(error, RateLimited):
        asked = UNSAID_RATE_LIMIT_SECONDS
    if asked is not None and asked > LONGEST_DELAY_SECONDS:
        return None
    backoff = min(FIRST_DELAY_SECONDS * 2.0 ** (tries - 1), LONGEST_DELAY_SECONDS)
    spread: float = backoff * (0.5 + jitter / 2)
    # What Connect asked for is the least; the spread on top keeps callers from coming together.
    return spread if asked is None else asked + spread / 2


def _is_passing(error: ConnectError) -> bool:
    if isinstance(error, Unreadable):
        # The same question would bring the same wrong shape or the same huge body.
        return error.reason in {"malformed", "truncated"}
    if isinstance(error, AddressRefused):
        return False
    return isinstance(error, Unreachable | GatewayFailed | ServerFailed | RateLimited)
