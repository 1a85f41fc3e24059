"""Aware UTC instants inside, ISO 8601 with Z on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec


def as_utc(value: datetime) -> datetime:
    """The same instant in UTC. ``ValueError`` for a time without offset: it is never guessed."""
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise ValueError("a time without offset is not an instant")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is outside of the calendar") from None


def wire_time(value: datetime) -> str:
    """``2026-11-21T09:00:00Z``, with a fraction only where there is one. Naive: ``ValueError``."""
    return as_utc(value).isoformat().replace("+00:00", "Z")


def keep_utc(value: msgspec.Struct, *names: str) -> None:
    """Turns the named instants of a fresh frozen value into UTC. Naive: ``ValueError``."""
    for name in names:
        instant = getattr(value, name)
        if instant is not None and instant.tzinfo is not UTC:
            msgspec.structs.force_setattr(value, name, as_utc(instant))
