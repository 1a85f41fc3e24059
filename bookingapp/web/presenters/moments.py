"""Instants as words in a zone: what is read aloud on the phone, and small times beside steps."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import pgettext

UTC_NAME = "UTC"


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone, or UTC where this machine knows none of that name."""
    try:
        return ZoneInfo(name or UTC_NAME)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(UTC_NAME)


def spoken(starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo) -> str:
    """ "Tuesday 24 November, 14:30–15:00"; with the offset in an hour that comes twice."""
    start = starts_at.astimezone(zone)
    day = dateformat.format(start, pgettext("spoken day (Django date letters)", "l j F"))
    until = f"–{ends_at.astimezone(zone):%H:%M}" if ends_at else ""
    return f"{day}, {start:%H:%M}{until}{_twice(start)}"


def dated(starts_at: datetime, zone: ZoneInfo) -> str:
    """ "Tue 24 Nov 2026, 14:30" for a row of a list."""
    start = starts_at.astimezone(zone)
    shape = pgettext("day in a list (Django date letters)", "D j M Y")
    return f"{dateformat.format(start, shape)}, {start:%H:%M}{_twice(start)}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%H:%M}{_twice(there)}"


def stamp(at: datetime, zone: ZoneInfo, *, near: datetime) -> str:
    """The time of day; with its day where that differs from the day of ``near``."""
    there = at.astimezone(zone)
    if there.date() == near.astimezone(zone).date():
        return f"{there:%H:%M:%S}"
    day = dateformat.format(there, pgettext("short day format (Django date letters)", "j M"))
    return f"{day}, {there:%H:%M:%S}"


def instant(text: object) -> datetime | None:
    """An ISO instant as a row keeps it (aware UTC), or None."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None


def _twice(there: datetime) -> str:
    first, second = there.replace(fold=0), there.replace(fold=1)
    if first.utcoffset() == second.utcoffset() or first.astimezone(UTC) > second.astimezone(UTC):
        return ""
    minutes = int((there.utcoffset() or second - first).total_seconds() // 60)
    sign, minutes = ("−" if minutes < 0 else "+"), abs(minutes)
    rest = f":{minutes % 60:02}" if minutes % 60 else ""
    return f" (UTC{sign}{minutes // 60}{rest})"
