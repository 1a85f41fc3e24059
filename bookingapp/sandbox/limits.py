"""Counting calls per minute, for the switch `rate.limit` and the fault `rate_limit`."""

from __future__ import annotations

from collections import defaultdict, deque
from threading import Lock
from time import monotonic

MINUTE = 60.0

_seen: dict[str, deque[float]] = defaultdict(deque)
_lock = Lock()


def wait_for(key: str, per_minute: float) -> float:
    """Seconds until the next call is allowed; 0 means this one is, and counts it."""
    now = monotonic()
    with _lock:
        times = _seen[key]
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) < per_minute:
            times.append(now)
            return 0.0
        return times[0] + MINUTE - now if times else MINUTE


def clear() -> None:
    with _lock:
        _seen.clear()
