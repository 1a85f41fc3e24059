"""Advice among colleagues: who is on which lead of the queue. It never blocks anybody.

As with slots (advice.py) it lives in the shared cache alone, for a minute, renewed by the polls of
the page: without the cache there is no advice, and a note lost to a colleague is no harm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache

from bookingapp.domain.models import Organisation

KEPT_SECONDS = 60
LONGEST_NAME = 30
# People share a few entries, so that one read sees everybody and two writers seldom meet in one.
_SHARDS = 8

# What the cache holds: by person's key, name, lead, POSIX seconds.
_Entry = tuple[str, str, float]
_Entries = dict[int, _Entry]


def note(organisation: Organisation, person: Any, lead_pk: UUID, *, now: datetime) -> None:
    """``person`` is on a lead; whichever they were on before, they are not any more."""
    _change(organisation, person, (_name(person), str(lead_pk), now.timestamp()), now=now)


def forget(organisation: Organisation, person: Any, *, now: datetime) -> None:
    """``person`` has left the queue."""
    _change(organisation, person, None, now=now)


def who(organisation: Organisation, person: Any, *, now: datetime) -> dict[str, list[str]]:
    """By lead (its id as text) the names of the others who are on it. One read of the cache."""
    found: dict[str, list[str]] = {}
    for raw in cache.get_many([_key(organisation, shard) for shard in range(_SHARDS)]).values():
        for pk, (name, lead_pk, at) in _entries(raw).items():
            if pk != person.pk and _is_young(at, now):
                found.setdefault(lead_pk, []).append(name)
    return {lead_pk: sorted(names) for lead_pk, names in found.items()}


def _change(
    organisation: Organisation, person: Any, entry: _Entry | None, *, now: datetime
) -> None:
    key = _key(organisation, person.pk % _SHARDS)
    known = _entries(cache.get(key))
    if entry is None and person.pk not in known:
        return
    entries = {pk: one for pk, one in known.items() if pk != person.pk and _is_young(one[2], now)}
    if entry is not None:
        entries[person.pk] = entry
    cache.set(key, entries, KEPT_SECONDS)


def _entries(raw: object) -> _Entries:
    """Another release may have written something else: as good as nothing."""
    if not isinstance(raw, dict):
        return {}
    return {pk: one for pk, one in raw.items() if _is_entry(one)}


def _is_entry(one: object) -> bool:
    return isinstance(one, tuple) and tuple(type(part) for part in one) == (str, str, float)


def _is_young(at_seconds: float, now: datetime) -> bool:
    # Clocks of two machines differ: a little ahead is young as well.
    return abs(now.timestamp() - at_seconds) < KEPT_SECONDS


def _name(person: Any) -> str:
    name = " ".join((person.first_name or person.get_username()).split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _key(organisation: Organisation, shard: int) -> str:
    return f"on-lead:{organisation.pk}:{shard}"
