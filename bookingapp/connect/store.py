"""Where guards keep what they know, so that several processes can know it together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol


class Store(Protocol):
    """A cache. Every method may raise: a guard then goes on as if nothing were known."""

    def get(self, key: str) -> dict[str, Any] | None: ...

    def set(self, key: str, value: dict[str, Any], ttl_seconds: float) -> None: ...

    def add(self, key: str, value: dict[str, Any], ttl_seconds: float) -> bool:
        """Sets the value only if there is none; True when it did."""
        ...


class MemoryStore:
    """A store for one process: tests, and a desk without a shared cache."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[float, dict[str, Any]]] = {}

    def get(self, key: str) -> dict[str, Any] | None:
        with self._lock:
            return self._fresh(key)

    def set(self, key: str, value: dict[str, Any], ttl_seconds: float) -> None:
        with self._lock:
            self._entries[key] = (self._clock() + ttl_seconds, value)

    def add(self, key: str, value: dict[str, Any], ttl_seconds: float) -> bool:
        with self._lock:
            if self._fresh(key) is not None:
                return False
            self._entries[key] = (self._clock() + ttl_seconds, value)
            return True

    def _fresh(self, key: str) -> dict[str, Any] | None:
        expires_at, value = self._entries.get(key, (0.0, None))
        if value is None or self._clock() < expires_at:
            return value
        del self._entries[key]
        return None
