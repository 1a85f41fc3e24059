"""Wrong addresses of hooks, counted: whoever sends many is told to wait.

A right secret is recognised before anything is counted, so nobody can keep RocketLead out. They are
counted per organisation as the address names it, also where there is none of that name: neither the
answer nor the wait says which there are.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.cache import cache

# So many in one span of time; a flow with an old address sends fewer, a guesser gains nothing.
MOST = 30
SPAN_SECONDS = 60


def seconds_to_wait(slug: str, *, now: datetime) -> int:
    """Count one wrong try. 0, or the seconds until trying again is answered like the first time."""
    span, gone = divmod(int(now.timestamp()), SPAN_SECONDS)
    return SPAN_SECONDS - gone if _counted(slug, span) > MOST else 0


def _counted(slug: str, span: int) -> int:
    named = hashlib.sha256(slug.encode("utf-8", "replace")).hexdigest()[:32]
    key = f"hook-guesses:{named}:{span}"
    cache.add(key, 0, SPAN_SECONDS * 2)
    try:
        return int(cache.incr(key))
    except ValueError:
        # It went in between: the cache was emptied, or is full.
        return 1
