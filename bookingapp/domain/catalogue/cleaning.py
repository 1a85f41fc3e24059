"""From what Connect told to what our tables can hold: bounded, checked, each id once. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from zoneinfo import available_timezones

from bookingapp import connect
from bookingapp.domain.catalogue.told import ToldBlocker

MOST_ROWS = 5_000
_LONGEST_ID = 200
_LONGEST_NAME = 300
_LONGEST_SHORT = 40
_MOST_CAPACITY = 1_000_000
_MOST_MINUTES = 60 * 24 * 366

Fields = dict[str, Any]


class _Told(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Told)


def once(items: Iterable[_Item]) -> dict[str, _Item]:
    """By id: the first of each, without ids we cannot keep, at most MOST_ROWS."""
    kept: dict[str, _Item] = {}
    for item in items:
        if len(kept) >= MOST_ROWS:
            break
        if len(item.id) <= _LONGEST_ID and "\0" not in item.id:
            kept.setdefault(item.id, item)
    return kept


def calendar_fields(calendar: connect.Calendar) -> Fields:
    return {"name": text(calendar.name), "zone": zone(calendar.zone)}


def resource_fields(resource: connect.Resource) -> Fields:
    return {
        "name": text(resource.name),
        "colour": text(resource.colour, _LONGEST_SHORT),
        "capacity": whole(resource.capacity, _MOST_CAPACITY),
    }


def type_fields(kind: connect.AppointmentType, *, unit: str) -> Fields:
    """``unit`` is that of Connect's lengths, "minutes" or "seconds" (contract section 3.3)."""
    return {
        "name": text(kind.name),
        "length_minutes": minutes(kind.booking_length, unit),
        "search_minutes": minutes(kind.search_length, unit),
        "buffer_minutes": minutes(kind.buffer_after, unit),
    }


def state_fields(state: connect.LeadState) -> Fields:
    return {
        "name": text(state.name),
        "colour": text(state.colour, _LONGEST_SHORT),
        "category": text(state.category, 30),
    }


def pool_fields(pool: connect.LeadPool) -> Fields:
    return {"name": text(pool.name)}


def ordered(states: Iterable[connect.LeadState]) -> list[connect.LeadState]:
    """A pool's states, each once, by the position Connect gives or else as listed."""
    listed = list(once(states).values())
    if any(state.position is None for state in listed):
        return listed
    return sorted(listed, key=lambda state: state.position or 0.0)


def blocker_fields(
    told: ToldBlocker, calendars: dict[str, int], resources: dict[str, int]
) -> Fields | None:
    """None for a blocker that cannot be laid over a grid, or is about nobody we know."""
    blocker = told.blocker
    if blocker.starts_at is None or blocker.ends_at is None:
        return None
    if blocker.starts_at >= blocker.ends_at:
        return None
    if blocker.resource_id is not None and blocker.resource_id not in resources:
        return None
    calendar_id = blocker.calendar_id
    if calendar_id is None and len(told.calendar_ids) == 1:
        calendar_id = told.calendar_ids[0]
    return {
        "name": text(blocker.name),
        "calendar_id": calendars.get(calendar_id) if calendar_id else None,
        "resource_id": resources.get(blocker.resource_id) if blocker.resource_id else None,
        "starts_at": blocker.starts_at,
        "ends_at": blocker.ends_at,
    }


def text(value: str, longest: int = _LONGEST_NAME) -> str:
    """One line without what a database refuses (NUL, half a character), cut to its column."""
    whole_characters = value.replace("\0", "").encode(errors="replace").decode()
    return " ".join(whole_characters.split())[:longest]


def zone(name: str | None) -> str:
    """An IANA name that we know, or empty: then nobody can say when a day begins there."""
    stripped = (name or "").strip()
    return stripped if stripped in _zones() else ""


def whole(value: int | None, most: int) -> int | None:
    """None for what was not said or makes no sense."""
    return None if value is None or value < 0 else min(value, most)


def minutes(length: float | None, unit: str) -> int | None:
    """A length in whole minutes, rounded up; None when not said or not positive."""
    if length is None or not math.isfinite(length) or length <= 0:
        return None
    return min(math.ceil(length / 60 if unit == "seconds" else length), _MOST_MINUTES)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
