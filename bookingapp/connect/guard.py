"""Keeps an organisation from calling too fast, and from calling what does not answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import breaker, throttle
from .breaker import BreakerPolicy, BreakerState, Position
from .errors import AddressRefused, CircuitOpen, ConnectError, NotSent, Throttled
from .store import MemoryStore, Store
from .throttle import ThrottlePolicy

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the breaker stands and until when calls are slowed down; instants are aware UTC.

    ``failures``: how many in a row it has counted while it is closed.
    """

    position: Position
    retry_at: datetime | None
    slow_until: datetime | None
    failures: int


class Guard:
    """Throttle and circuit breaker of one organisation.

    ``name`` tells organisations apart in the store; ``clock`` is seconds since the epoch, as all
    that share the store see it. A store that fails costs the guard its memory, never a call.
    """

    def __init__(
        self,
        name: str,
        store: Store | None = None,
        *,
        breaker_policy: BreakerPolicy | None = None,
        throttle_policy: ThrottlePolicy | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._key = f"connect-guard-{name}"
        self._store = store or MemoryStore()
        self._breaker = breaker_policy or BreakerPolicy()
        self._throttle = throttle_policy or ThrottlePolicy()
        self._clock = clock
        self._seats = threading.BoundedSemaphore(self._throttle.in_flight)

    @contextmanager
    def turn(self, wait_seconds: float) -> Iterator[None]:
        """One call's turn. Raises ``Throttled`` or ``CircuitOpen`` when nothing may be sent now.

        Waits for a free place for ``wait_seconds`` or the policy's time, whichever is shorter.
        """
        wait = max(0.0, min(wait_seconds, self._throttle.wait_seconds))
        if not self._seats.acquire(timeout=wait):
            raise Throttled("too many calls in flight", retry_at=_instant(self._clock() + 1))
        try:
            self._admit()
            yield
        finally:
            self._seats.release()

    def learn(self, error: ConnectError | None) -> None:
        """Takes one answer into account; ``None`` is a success."""
        if isinstance(error, NotSent | AddressRefused):
            return
        now = self._clock()
        state, slow = self._recall()
        failed = breaker.is_failure(error)
        after = (
            breaker.after_failure(state, now, self._breaker)
            if failed
            else breaker.after_success(state)
        )
        slower = throttle.slow_until(error, now, slow, self._throttle)
        if (after, slower) != (state, slow):
            self._remember(after, slower)

    def standing(self) -> Standing:
        """What calls meet now, without being one."""
        now = self._clock()
        state, slow = self._recall()
        where = breaker.position(state, now)
        return Standing(
            position=where,
            retry_at=None if where is Position.CLOSED else _instant(state.retry_at),
            slow_until=_instant(slow) if now < slow else None,
            failures=len(state.failed_at),
        )

    def _admit(self) -> None:
        now = self._clock()
        state, slow = self._recall()
        if now < slow:
            raise Throttled("Connect asked to slow down", retry_at=_instant(slow))
        where = breaker.position(state, now)
        if where is Position.OPEN:
            raise CircuitOpen("Connect is left alone", retry_at=_instant(state.retry_at))
        if where is Position.HALF_OPEN and not self._may_probe(state):
            raise CircuitOpen("another call is finding out", retry_at=_instant(now + 1))

    def _may_probe(self, state: BreakerState) -> bool:
        # The key names this opening: a new one after a failed probe gets its own probe.
        key = f"{self._key}-probe-{state.opened_at}"
        wait = self._breaker.probe_seconds
        return bool(
            self._safely(lambda: self._store.add(key, {"probe": True}, wait), otherwise=True)
        )

    def _recall(self) -> tuple[BreakerState, float]:
        known = self._safely(lambda: self._store.get(self._key), otherwise=None)
        if not isinstance(known, dict):
            return breaker.CLOSED, 0.0
        state = BreakerState.from_dict(known.get("breaker") or {})
        return state, _time(known.get("slow_until"))

    def _remember(self, state: BreakerState, slow: float) -> None:
        value = {"breaker": state.as_dict(), "slow_until": slow}
        self._safely(lambda: self._store.set(self._key, value, KEPT_SECONDS), otherwise=None)

    @staticmethod
    def _safely(act: Callable[[], Any], *, otherwise: Any) -> Any:
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - any store, any error: never a call's problem
            logger.warning("guard store failed: %s", type(error).__name__)
            return otherwise


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _time(stored: Any) -> float:
    is_time = isinstance(stored, int | float) and 0 <= stored < breaker.LATEST
    return float(stored) if is_time else 0.0
