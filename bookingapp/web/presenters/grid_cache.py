"""Rendered grids of this process: a warm page must not render 1,400 slots again. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

# About 25 KB each.
MOST = 256


@dataclass(frozen=True, slots=True)
class Drawn:
    """A grid's table, and what the page says around it."""

    table: str
    has_slots: bool
    has_open: bool


_drawn: OrderedDict[Hashable, Drawn] = OrderedDict()
_lock = Lock()


def drawn(key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
    """The grid of ``key``, which names everything that shows in it; drawn when it is not known.

    Two threads may draw the same one at once: that costs less than making one wait.
    """
    with _lock:
        known = _drawn.get(key)
        if known is not None:
            _drawn.move_to_end(key)
            return known
    made = draw()
    with _lock:
        _drawn[key] = made
        while len(_drawn) > MOST:
            _drawn.popitem(last=False)
    return made


def clear() -> None:
    with _lock:
        _drawn.clear()
