"""Advice among colleagues: who is about to book which slot. It never blocks anybody.

It lives in the shared cache alone, for a minute: without the cache there is no advice, and a note
lost to a colleague's of the same instant is no harm.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from bookingapp.domain.availability import Window
from bookingapp.domain.models import Organisation
from bookingapp.domain.slots import ANYONE, SlotRef

KEPT_SECONDS = 60
LONGEST_NAME = 30
# Of a crowd so many are told, on a page that everybody's poll renews.
MOST_NOTES = 40
# People share a few entries, so that one read sees everybody and two writers seldom meet in one.
_SHARDS = 8
# A process looks into the cache no more often than this, however many of its people look.
_FRESH_SECONDS = 1.0
_MOST_ORGANISATIONS = 1000

# What the cache holds: by person's key, name, calendar's key, slot reference, POSIX seconds.
_Entry = tuple[str, int, str, float]
_Entries = dict[int, _Entry]


@dataclass(frozen=True, slots=True)
class Note:
    """``name`` (plain text, bounded) looks at the slot ``ref`` of a calendar."""

    name: str
    ref: SlotRef


def note(
    organisation: Organisation, person: Any, calendar_pk: int, ref: SlotRef, *, now: datetime
) -> None:
    """``person`` has opened a slot; whatever they had open before, anywhere here, they have not."""
    entry = (_name(person), calendar_pk, str(ref), now.timestamp())
    _change(organisation, person, entry, now=now)


def forget(organisation: Organisation, person: Any, *, now: datetime) -> None:
    """``person`` has asked for a booking, or looks at nothing that could be booked."""
    key = _key(organisation, person.pk % _SHARDS)
    if person.pk in _entries(cache.get(key)):
        _change(organisation, person, None, now=now)


def who(
    organisation: Organisation, person: Any, calendar_pk: int, week: Window, *, now: datetime
) -> list[Note]:
    """What others than ``person`` look at in a week of a calendar, sorted. One read at most."""
    found = []
    for pk, (name, calendar, text, at) in _known(organisation).items():
        if pk == person.pk or calendar != calendar_pk or not _is_young(at, now):
            continue
        ref = _ref(text)
        if ref is not None and week.starts_at <= ref.starts_at < week.ends_at:
            found.append(Note(name, ref))
    return sorted(found, key=lambda one: (str(one.ref), one.name))[:MOST_NOTES]


def at(notes: Iterable[Note], ref: SlotRef) -> list[str]:
    """The names at one slot, each once. Anyone's slot is everybody's of that time. Pure."""
    here = (one for one in notes if one.ref.starts_at == ref.starts_at and _meet(one.ref, ref))
    return list(dict.fromkeys(one.name for one in here))


def _meet(one: SlotRef, other: SlotRef) -> bool:
    return ANYONE in {one.resource_pk, other.resource_pk} or one.resource_pk == other.resource_pk


def _change(
    organisation: Organisation, person: Any, entry: _Entry | None, *, now: datetime
) -> None:
    key = _key(organisation, person.pk % _SHARDS)
    entries = {
        pk: one
        for pk, one in _entries(cache.get(key)).items()
        if pk != person.pk and _is_young(one[3], now)
    }
    if entry is not None:
        entries[person.pk] = entry
    cache.set(key, entries, KEPT_SECONDS)
    _memory.pop(organisation.pk, None)


_memory: dict[Any, tuple[float, _Entries]] = {}


def _known(organisation: Organisation) -> _Entries:
    kept = _memory.get(organisation.pk)
    if kept is not None and time.monotonic() - kept[0] < _FRESH_SECONDS:
        return kept[1]
    found = cache.get_many([_key(organisation, shard) for shard in range(_SHARDS)])
    entries: _Entries = {}
    for raw in found.values():
        entries |= _entries(raw)
    if len(_memory) >= _MOST_ORGANISATIONS:
        _memory.clear()
    _memory[organisation.pk] = (time.monotonic(), entries)
    return entries


def _entries(raw: object) -> _Entries:
    """Another release may have written something else: as good as nothing."""
    if not isinstance(raw, dict):
        return {}
    return {pk: one for pk, one in raw.items() if _is_entry(one)}


def _is_entry(one: object) -> bool:
    kinds = (str, int, str, float)
    return isinstance(one, tuple) and tuple(type(part) for part in one) == kinds


def _is_young(at_seconds: float, now: datetime) -> bool:
    # Clocks of two machines differ: a little ahead is young as well.
    return abs(now.timestamp() - at_seconds) < KEPT_SECONDS


def _ref(text: str) -> SlotRef | None:
    try:
        return SlotRef.parse(text)
    except ValueError:
        return None


def _name(person: Any) -> str:
    name = " ".join((person.first_name or person.get_username()).split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _key(organisation: Organisation, shard: int) -> str:
    return f"advice:{organisation.pk}:{shard}"
