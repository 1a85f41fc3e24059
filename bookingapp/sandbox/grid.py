"""Which real instants the local times of a day are: the clock changes are decided here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=20_000)
def slot_instants(
    zone: str, day: date, opens: int, closes: int, step_seconds: int, length_seconds: int
) -> tuple[tuple[int, int], ...]:
    """The (start, end) of each slot of a window, in epoch seconds, sorted.

    ``opens`` and ``closes`` are local minutes of ``day`` (0 to 1440). Starts lie on the local
    grid; a skipped local time gives none, a repeated one gives both. A slot must end, counted
    in real time, before the window closes.
    """
    end = _closing(zone, day, closes)
    starts = (
        instant
        for second in range(opens * 60, closes * 60, step_seconds)
        for instant in instants(zone, day, second)
    )
    return tuple((s, s + length_seconds) for s in sorted(starts) if s + length_seconds <= end)


def instants(zone: str, day: date, second: int) -> list[int]:
    """The epoch seconds at which the clock of ``zone`` shows ``second`` of ``day``: 0, 1 or 2."""
    wall = datetime.combine(day, time()) + timedelta(seconds=second)
    found = set()
    for fold in (0, 1):
        moment = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
            found.add(int(moment.timestamp()))
    return sorted(found)


def local_date(zone: str, instant: int) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def _closing(zone: str, day: date, closes: int) -> int:
    """The last instant at which the window closes; inside a gap, the moment the clock jumps."""
    minute = closes
    while not (found := instants(zone, day, minute * 60)):
        minute -= 1
    return found[-1] + (60 if minute < closes else 0)
