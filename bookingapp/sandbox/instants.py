"""Timestamps on the wire, as the switch `datetime.style` writes them (contract section 3.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.sandbox.errors import invalid


@lru_cache(maxsize=50_000)
def written(moment: datetime, style: str, zone: str = "Europe/Berlin") -> str:
    """The moment as ISO-8601 text; ``zone`` matters to the styles offset and naive only."""
    utc = moment.astimezone(UTC)
    match style:
        case "millis":
            return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
        case "offset":
            return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
        case "naive":
            return utc.strftime("%Y-%m-%dT%H:%M:%S")
        case _:
            return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def read(value: Any, name: str) -> datetime:
    """An aware UTC datetime out of ISO text; a naive one is refused, not guessed."""
    try:
        moment = datetime.fromisoformat(value) if len(value) <= 40 else None
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise invalid(f"{name} must be an ISO 8601 timestamp with an offset")
    # The ends of the calendar overflow when they are moved to another zone.
    if not 2000 <= moment.year <= 2100:
        raise invalid(f"{name} is out of range")
    return moment.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)
