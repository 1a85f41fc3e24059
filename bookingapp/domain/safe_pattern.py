"""Patterns from outside, tried in bounded time: a hostile one can cost work, never a hang. Pure.

Python's engine goes back over its steps, and ``(a+)+$`` makes it do so for years; a check that only
looks for dangerous shapes misses some. So this engine never goes back: it carries the set of all
places a part of the pattern can end at, and stops counting after a fixed number of steps. It reads
what field patterns are made of, as browsers understand them; everything else (look-around,
back-references, flags) is not understood, and what is not understood refuses nothing.
"""

from __future__ import annotations

from functools import lru_cache

from bookingapp.domain import pattern_reader
from bookingapp.domain.pattern_steps import NotUnderstood, Run

LONGEST_PATTERN = 300
LONGEST_TEXT = 2_000
# Read once for all the texts it is tried on.
_read = lru_cache(maxsize=256)(pattern_reader.read)


def finds(pattern: str, text: str) -> bool | None:
    """Whether ``pattern`` is somewhere in ``text``; None where that cannot be told."""
    if len(pattern) > LONGEST_PATTERN or len(text) > LONGEST_TEXT:
        return None
    try:
        node = _read(pattern)
        return bool(node(Run(text), frozenset(range(len(text) + 1))))
    except NotUnderstood:
        return None
