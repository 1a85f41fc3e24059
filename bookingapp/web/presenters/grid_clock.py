"""Which row of the grid an instant belongs to: local times, clock changes included. Pure.

A local time that happens twice on a day gets two rows, told apart by their offset. A skipped one
has no instant and so no slot. Rows hold minutes of the local day; offsets are minutes east of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A local time; ``offset`` only where the shown days have that time twice."""

    minute: int
    offset: int | None = None

    @property
    def label(self) -> str:
        return f"{self.minute // 60:02}:{self.minute % 60:02}"

    @property
    def offset_label(self) -> str:
        """For example "+02:00"; "" for a time that happens once."""
        if self.offset is None:
            return ""
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02}:{minutes:02}"


def rows_of(starts: Iterable[datetime], zone: tzinfo) -> dict[datetime, tuple[date, Row]]:
    """The local day and the row of each instant (aware UTC)."""
    local = {start: start.astimezone(zone) for start in starts}
    twice = {_minute(one) for one in local.values() if one.fold}
    return {start: (one.date(), _row(one, twice)) for start, one in local.items()}


def in_order(placed: Iterable[tuple[date, Row]], zone: tzinfo) -> list[Row]:
    """Each row once, as the hands of the clock pass them on the day that has an hour twice."""
    seen = set(placed)
    rows = {row for _day, row in seen}
    changed = {day for day, row in seen if row.offset is not None and _is_twice(day, row, zone)}
    if not changed:
        return sorted(rows, key=lambda row: row.minute)
    day = changed.pop()
    return sorted(rows, key=lambda row: (_instant_on(day, row, zone), row.minute))


def instant(day: date, row: Row, zone: tzinfo) -> datetime | None:
    """The instant (UTC) of a row on a day; None where the clock skips it or had it only once."""
    wall = _wall(day, row.minute)
    for fold in (0, 1):
        found = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        back = found.astimezone(zone)
        if back.replace(tzinfo=None, fold=0) == wall and row.offset in {None, _offset(back)}:
            return found
    return None


def _row(local: datetime, twice: set[int]) -> Row:
    minute = _minute(local)
    return Row(minute, _offset(local)) if minute in twice else Row(minute)


def _is_twice(day: date, row: Row, zone: tzinfo) -> bool:
    wall = _wall(day, row.minute)
    return (
        wall.replace(tzinfo=zone, fold=0).utcoffset()
        != wall.replace(tzinfo=zone, fold=1).utcoffset()
    )


def _instant_on(day: date, row: Row, zone: tzinfo) -> datetime:
    wall = _wall(day, row.minute)
    if row.offset is not None:
        return (wall - row.offset * MINUTE).replace(tzinfo=UTC)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + minute * MINUTE


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _offset(local: datetime) -> int:
    return round((local.utcoffset() or timedelta()) / MINUTE)
