"""What this process has drawn before: a warm page must not render 1,400 slots again. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from bookingapp.web.pieces import Pieces

T = TypeVar("T")

# A table or a part is about 25 KB.
MOST = 256


@dataclass(frozen=True, slots=True)
class Drawn:
    """A grid's table, and what the page says around it."""

    table: str
    has_slots: bool
    has_open: bool


class Kept(Generic[T]):
    """The newest results by key, safe to use from any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, T] = OrderedDict()
        self._turns: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` made for ``key``, which names everything that shows in it.

        Made once: when a crowd opens the same week, the others wait for the first.
        """
        known = self._find(key)
        if known is not None:
            return known
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        with turn:
            known = self._find(key)
            if known is None:
                known = make()
                self._keep(key, known)
        with self._lock:
            self._turns.pop(key, None)
        return known

    def _find(self, key: Hashable) -> T | None:
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
            return known

    def _keep(self, key: Hashable, made: T) -> None:
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


tables: Kept[Drawn] = Kept()
parts: Kept[str] = Kept()
# The same parts, and the page around them, compressed.
pieces: Kept[Pieces] = Kept()


def clear() -> None:
    tables.clear()
    parts.clear()
    pieces.clear()
