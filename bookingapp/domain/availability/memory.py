"""What one process keeps of readings: unpacked slots, bounded, the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict

from bookingapp.domain.availability.meta import Meta
from bookingapp.domain.availability.readings import Slots

# A slot takes about a third of a kilobyte: some 50 MB at most.
MOST_SLOTS_KEPT = 150_000
MOST_WINDOWS_KEPT = 5_000
MOST_STAMPS_KEPT = 5_000

_NOTHING: tuple[Meta, Slots] = (Meta(), ())


class Memory:
    """Safe to use from any thread."""

    def __init__(self, *, most_slots: int = MOST_SLOTS_KEPT) -> None:
        self._most_slots = most_slots
        self._lock = threading.Lock()
        self._windows: OrderedDict[str, tuple[Meta, Slots]] = OrderedDict()
        self._stamps: OrderedDict[str, str] = OrderedDict()
        self._slots = 0

    def get(self, key: str) -> tuple[Meta, Slots]:
        with self._lock:
            found = self._windows.get(key)
            if found is None:
                return _NOTHING
            self._windows.move_to_end(key)
            return found

    def put(self, key: str, meta: Meta, slots: Slots) -> None:
        """Keep it, unless it is nothing."""
        if meta.tried_at is None:
            return
        with self._lock:
            _, old = self._windows.pop(key, _NOTHING)
            self._windows[key] = (meta, slots)
            self._slots += len(slots) - len(old)
            while len(self._windows) > 1 and self._is_too_much():
                _, (_, gone) = self._windows.popitem(last=False)
                self._slots -= len(gone)

    def stamp(self, key: str) -> str:
        with self._lock:
            return self._stamps.get(key, "")

    def set_stamp(self, key: str, name: str) -> None:
        with self._lock:
            self._stamps[key] = name
            self._stamps.move_to_end(key)
            if len(self._stamps) > MOST_STAMPS_KEPT:
                self._stamps.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()
            self._stamps.clear()
            self._slots = 0

    def _is_too_much(self) -> bool:
        return self._slots > self._most_slots or len(self._windows) > MOST_WINDOWS_KEPT
