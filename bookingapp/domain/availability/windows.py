"""Windows: the week of a calendar that is asked for, kept and shown as one. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
# Local clocks lie between these distances from UTC.
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)


class NoZone(ValueError):
    """The calendar has no IANA zone that we know, so nobody can say when its days begin."""


class _Zoned(Protocol):
    @property
    def connect_id(self) -> str: ...
    @property
    def zone(self) -> str: ...


class _Named(Protocol):
    @property
    def connect_id(self) -> str: ...


class _Organisation(Protocol):
    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class Window:
    """Seven local days of one calendar and appointment type, beginning on Monday ``starts_on``.

    ``zone`` is an IANA name. The instants are local midnights, so a week may be an hour (or half
    of one) longer or shorter than another.
    """

    organisation_id: UUID
    calendar_connect_id: str
    type_connect_id: str
    zone: str
    starts_on: date

    @cached_property
    def days(self) -> tuple[date, ...]:
        return tuple(self.starts_on + timedelta(days=number) for number in range(7))

    @cached_property
    def starts_at(self) -> datetime:
        """The first instant (UTC) that belongs to it."""
        return midnight(self.zone, self.starts_on)

    @cached_property
    def ends_at(self) -> datetime:
        """The first instant (UTC) after it."""
        return midnight(self.zone, self.starts_on + WEEK)

    @cached_property
    def key(self) -> str:
        """Names it in a cache. Hashed, as ids are opaque and may hold anything."""
        return _digest(
            str(self.organisation_id),
            self.calendar_connect_id,
            self.type_connect_id,
            self.zone,
            self.starts_on.isoformat(),
        )

    @cached_property
    def calendar_week_key(self) -> str:
        """Names this week of the calendar, whatever the appointment type."""
        return calendar_week_key(self.organisation_id, self.calendar_connect_id, self.starts_on)


def window_for(
    organisation: _Organisation, calendar: _Zoned, appointment_type: _Named, day: date
) -> Window:
    """The window in which the local ``day`` lies. Raises NoZone."""
    _zone(calendar.zone)
    return _window(
        organisation.pk,
        calendar.connect_id,
        appointment_type.connect_id,
        calendar.zone,
        monday_of(day),
    )


# Kept, because its instants and keys cost more than all else that a warm page does here.
_window = lru_cache(maxsize=2048)(Window)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(zone: str, day: date) -> datetime:
    """The first instant (UTC) of a local day, also where clocks change at midnight.

    ``fold`` 0 is right in both cases: the first of two midnights, and the moment a skipped one
    would have been. Raises NoZone.
    """
    return datetime.combine(day, time(), tzinfo=_zone(zone)).astimezone(UTC)


def local_day(zone: str, instant: datetime) -> date:
    """The local day in which an instant lies. Raises NoZone."""
    return instant.astimezone(_zone(zone)).date()


def weeks_around(instant: datetime) -> set[date]:
    """The Mondays of every week in which ``instant`` may lie, whatever the zone: one or two."""
    utc = instant.astimezone(UTC)
    return {monday_of((utc + offset).date()) for offset in (_WEST, _EAST)}


def calendar_week_key(organisation_id: UUID, calendar_connect_id: str, monday: date) -> str:
    return _digest(str(organisation_id), calendar_connect_id, monday.isoformat())


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NoZone(name) from None


def _digest(*parts: str) -> str:
    # With their lengths, so that no two questions share a key by moving a separator.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
