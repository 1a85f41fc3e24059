"""How fast an organisation may call, decided from its answers; no clock, no store."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ConnectError, RateLimited


@dataclass(frozen=True, slots=True)
class ThrottlePolicy:
    """At most ``in_flight`` calls of an organisation per process, waiting ``wait_seconds`` for one.

    ``slow_seconds`` is how long a 429 holds the organisation back when it does not say itself.
    """

    in_flight: int = 8
    wait_seconds: float = 5.0
    slow_seconds: float = 1.0


def slow_until(
    error: ConnectError | None, now: float, current: float, policy: ThrottlePolicy
) -> float:
    """Until when the whole organisation holds back, given one more answer. Never shortened."""
    if not isinstance(error, RateLimited):
        return current
    wait = policy.slow_seconds if error.retry_after is None else error.retry_after
    return max(current, now + wait)
