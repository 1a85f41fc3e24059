"""What this process has drawn before: a warm page must not render 1,400 slots again. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

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
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` made for ``key``, which names everything that shows in it.

        Two threads may make the same one at once: that costs less than letting one wait.
        """
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


tables: Kept[Drawn] = Kept()
parts: Kept[str] = Kept()


def clear() -> None:
    tables.clear()
    parts.clear()
