"""Availability: what Connect offers for a week of a calendar, shared by everybody who looks.

``read`` for pages, ``fetch`` for whoever needs proof, ``drop`` after a write of ours.
"""

from bookingapp.domain.availability.asking import drop, fetch
from bookingapp.domain.availability.readings import Reading, age_seconds
from bookingapp.domain.availability.searching import Search, find_first_open
from bookingapp.domain.availability.sharing import read
from bookingapp.domain.availability.store import forget
from bookingapp.domain.availability.windows import (
    NoZone,
    Window,
    local_day,
    midnight,
    monday_of,
    window_for,
)

__all__ = [
    "NoZone",
    "Reading",
    "Search",
    "Window",
    "age_seconds",
    "drop",
    "fetch",
    "find_first_open",
    "forget",
    "local_day",
    "midnight",
    "monday_of",
    "read",
    "window_for",
]
