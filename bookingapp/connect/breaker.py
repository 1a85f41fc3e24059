"""When to leave Connect alone, decided from what happened and the time; no clock, no store.

Times are seconds of any clock that all who share the state agree on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .errors import ConnectError, GatewayFailed, Unreachable, Unreadable

# The year 2999: what lies beyond was not stored by us.
LATEST = 32_472_144_000.0


class Position(Enum):
    """Closed: calls pass. Open: none does. Half open: one may find out."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """Opens after ``failures`` in a row within ``window_seconds``.

    The cool-down starts at ``cool_down_seconds`` and doubles with each failed probe up to
    ``cool_down_cap_seconds``. A probe not heard of for ``probe_seconds`` is given to another.
    """

    failures: int = 5
    window_seconds: float = 60.0
    cool_down_seconds: float = 5.0
    cool_down_cap_seconds: float = 120.0
    probe_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class BreakerState:
    """The times of recent failures in a row; since when it is open, if it is, and for how long."""

    failed_at: tuple[float, ...] = ()
    opened_at: float | None = None
    cool_down_seconds: float = 0.0

    @property
    def retry_at(self) -> float:
        """When the next call may pass; 0 while closed."""
        return 0.0 if self.opened_at is None else self.opened_at + self.cool_down_seconds

    def as_dict(self) -> dict[str, Any]:
        return {
            "failed_at": list(self.failed_at),
            "opened_at": self.opened_at,
            "cool_down_seconds": self.cool_down_seconds,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> BreakerState:
        """The state as stored; a fresh one where that cannot be read."""
        try:
            opened = raw["opened_at"]
            return cls(
                tuple(map(_seconds, raw["failed_at"])),
                None if opened is None else _seconds(opened),
                _seconds(raw["cool_down_seconds"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            return CLOSED


CLOSED = BreakerState()


def _seconds(raw: Any) -> float:
    value = float(raw)
    if not 0 <= value < LATEST:
        raise ValueError("no time of ours")
    return value


def position(state: BreakerState, now: float) -> Position:
    """Where the breaker stands at ``now``."""
    if state.opened_at is None:
        return Position.CLOSED
    return Position.OPEN if now < state.retry_at else Position.HALF_OPEN


def after_failure(state: BreakerState, now: float, policy: BreakerPolicy) -> BreakerState:
    """The state after one more failure. One that began before it opened changes nothing."""
    match position(state, now):
        case Position.OPEN:
            return state
        case Position.HALF_OPEN:
            longer = min(state.cool_down_seconds * 2, policy.cool_down_cap_seconds)
            return BreakerState(opened_at=now, cool_down_seconds=longer)
    recent = (*(at for at in state.failed_at if now - at < policy.window_seconds), now)
    if len(recent) < policy.failures:
        return BreakerState(failed_at=recent)
    return BreakerState(opened_at=now, cool_down_seconds=policy.cool_down_seconds)


def after_success(_state: BreakerState) -> BreakerState:
    """Any answer of Connect's own closes it and forgets."""
    return CLOSED


def is_failure(error: ConnectError | None) -> bool:
    """True when the way to Connect seems broken; an answer of its own, even a bad one, is none."""
    if isinstance(error, Unreadable):
        return error.reason in {"malformed", "truncated"}
    return isinstance(error, Unreachable | GatewayFailed)
