"""When to call again: what is offered with one key, and what somebody types. Pure.

All in the wall time of one zone: nine in the morning stays nine when the clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookingapp.domain.errors import Invalid

IN_AN_HOUR = "hour"
THIS_AFTERNOON = "afternoon"
TOMORROW = "tomorrow"
IN_THREE_DAYS = "three_days"
NEXT_WEEK = "next_week"

MORNING, AFTERNOON = time(9), time(15)
DAY = timedelta(days=1)
# "This afternoon" is offered while it is at least so far away.
LEAST = timedelta(minutes=30)
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Choice:
    """``at`` is aware UTC."""

    code: str
    at: datetime


def choices(now: datetime, zone: ZoneInfo) -> list[Choice]:
    """What is offered at ``now``, in order; not twice the same."""
    today = now.astimezone(zone).date()
    found = [Choice(IN_AN_HOUR, _whole_minutes(now + timedelta(hours=1)))]
    afternoon = at_wall(today, AFTERNOON, zone)
    if afternoon - now >= LEAST:
        found.append(Choice(THIS_AFTERNOON, afternoon))
    found.append(Choice(TOMORROW, at_wall(today + DAY, MORNING, zone)))
    found.append(Choice(IN_THREE_DAYS, at_wall(today + 3 * DAY, MORNING, zone)))
    monday = today + timedelta(days=7 - today.weekday())
    next_week = Choice(NEXT_WEEK, at_wall(monday, MORNING, zone))
    return [*found, *([next_week] if next_week.at not in {one.at for one in found} else [])]


def chosen(code: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant behind a choice that is offered at ``now``; None for any other code."""
    return next((one.at for one in choices(now, zone) if one.code == code), None)


def typed(text: str, now: datetime, zone: ZoneInfo, *, second: bool | None = None) -> datetime:
    """A local time like 2026-11-24T14:30 as aware UTC. ``second``: which of two equal ones.

    Raises Invalid for "at": required, unreadable, past, too_far, skipped (the clocks jump over
    it), twice (it comes two times, so somebody must say which).
    """
    if not text:
        raise Invalid({"at": "required"})
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({"at": "unreadable"}) from None
    if local.tzinfo is not None:
        raise Invalid({"at": "unreadable"})
    at = _resolved(local, zone, second=second)
    if at <= now:
        raise Invalid({"at": "past"})
    if at > now + FARTHEST:
        raise Invalid({"at": "too_far"})
    return at


def at_wall(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time of a local day as aware UTC; of two the first, of a skipped one what is after."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _resolved(local: datetime, zone: ZoneInfo, *, second: bool | None) -> datetime:
    try:
        first, last = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise Invalid({"at": "too_far"}) from None
    if first == last:
        return first
    if first > last:
        raise Invalid({"at": "skipped"})
    if second is None:
        raise Invalid({"at": "twice"})
    return last if second else first


def _whole_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
