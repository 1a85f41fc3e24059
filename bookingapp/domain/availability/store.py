"""Where readings are kept: one small entry per window in the shared cache, its slots in another.

Each process keeps the slots it has unpacked, so that a warm read costs one round trip and no
decoding. With the cache away a process lives on what it has itself; a drop made by another process
meanwhile is noticed when the soft age is over.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

import msgspec
from django.conf import settings
from django.core.cache import cache

from bookingapp.domain.availability.memory import Memory
from bookingapp.domain.availability.meta import Meta, newest
from bookingapp.domain.availability.readings import Slots, unpack
from bookingapp.domain.availability.windows import Window

POLL_SECONDS = 0.015

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Meta)
_memory = Memory()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a window; ``stamp`` names the newest drop of its calendar week."""

    meta: Meta
    slots: Slots
    stamp: str


def load(window: Window) -> Known:
    """All that is known, from the cache or, without it, from this process."""
    meta_key, stamp_key = _meta_key(window), _stamp_key(window.calendar_week_key)
    found = cache.get_many([meta_key, stamp_key])
    stamp = str(found.get(stamp_key) or _memory.stamp(window.calendar_week_key))
    kept_meta, kept_slots = _memory.get(window.key)
    meta = newest(_meta(found.get(meta_key)), kept_meta)
    if meta.version == kept_meta.version:
        # Kept anew so that this process knows the latest try, should the cache go away.
        if meta != kept_meta:
            _memory.put(window.key, meta, kept_slots)
        return Known(meta, kept_slots, stamp)
    return Known(*_fetch_slots(window, meta, kept_meta, kept_slots), stamp)


def save(window: Window, meta: Meta, slots: Slots, body: bytes) -> None:
    """Keep a new reading, unless a newer one came in meanwhile."""
    known = load(window)
    if known.meta.outdoes(meta, stamp=known.stamp):
        return
    _memory.put(window.key, meta, slots)
    entries = {_meta_key(window): _encoder.encode(meta), _body_key(window): (meta.version, body)}
    cache.set_many(entries, settings.AVAILABILITY_HARD_AGE)


def save_failure(window: Window, known: Known, meta: Meta) -> None:
    """Keep that a try failed; the slots stay as they were."""
    _memory.put(window.key, meta, known.slots)
    cache.set(_meta_key(window), _encoder.encode(meta), settings.AVAILABILITY_HARD_AGE)


def stamp(calendar_week_keys: Iterable[str]) -> None:
    """Whatever was read before now of these calendar weeks is no longer true.

    A name and not a time, as the clocks of two machines differ.
    """
    name = uuid4().hex
    keys = list(calendar_week_keys)
    for key in keys:
        _memory.set_stamp(key, name)
    # Longer than any reading that could still be compared with it.
    kept_seconds = settings.AVAILABILITY_HARD_AGE * 2
    cache.set_many({_stamp_key(key): name for key in keys}, kept_seconds)


def lock(window: Window) -> bool:
    """Whether this process may ask Connect; if it dies, the next one may when the call is over."""
    return bool(cache.add(_lock_key(window), 1, _lock_seconds()))


def unlock(window: Window) -> None:
    # Only the holder comes here, and its call has ended before the lock would expire.
    cache.delete(_lock_key(window))


def wait_for_other(window: Window) -> None:
    """Until the process that asks Connect has an answer or a failure, or is gone.

    Only the cache tells that: this process may remember more than a cache that was emptied.
    """
    lock_key, meta_key = _lock_key(window), _meta_key(window)
    end = time.monotonic() + _lock_seconds()
    before = cache.get(meta_key)
    while time.monotonic() < end:
        found = cache.get_many([lock_key, meta_key])
        if lock_key not in found or found.get(meta_key) != before:
            return
        time.sleep(POLL_SECONDS)


def forget() -> None:
    """Empty this process's own memory; the shared cache keeps what it has."""
    _memory.clear()


def _fetch_slots(
    window: Window, meta: Meta, kept_meta: Meta, kept_slots: Slots
) -> tuple[Meta, Slots]:
    # Slots are written together with their meta, but may be newer than the meta read just before;
    # then they go by their own version, and the older time only makes them look older.
    try:
        version, body = cache.get(_body_key(window)) or ("", b"")
        slots = unpack(body)
    except (TypeError, ValueError):
        unread = msgspec.structs.replace(meta, as_of=None, version="", stamp="")
        return (kept_meta, kept_slots) if kept_meta.as_of else (unread, ())
    meta = msgspec.structs.replace(meta, version=str(version))
    _memory.put(window.key, meta, slots)
    return meta, slots


def _meta(raw: object) -> Meta:
    if not isinstance(raw, bytes):
        return Meta()
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        # Written by another version of the desk: as good as nothing.
        return Meta()


def _lock_seconds() -> int:
    # The backend cuts fractions off, and 0 would be no lock at all.
    return math.ceil(settings.CONNECT_TOTAL) + 1


def _meta_key(window: Window) -> str:
    return f"availability:meta:{window.key}"


def _body_key(window: Window) -> str:
    return f"availability:slots:{window.key}"


def _lock_key(window: Window) -> str:
    return f"availability:lock:{window.key}"


def _stamp_key(calendar_week_key: str) -> str:
    return f"availability:dropped:{calendar_week_key}"
