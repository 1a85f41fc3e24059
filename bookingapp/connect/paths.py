"""Paths and queries exactly as documented, slashes included (contract section 3.1)."""

from __future__ import annotations

from urllib.parse import quote

from .calls import Query


def item(collection: str, identifier: str) -> str:
    """The path of one thing: its id is opaque, so every special character is escaped.

    ``ValueError`` for an empty id, which would be the whole collection.
    """
    if not identifier:
        raise ValueError(f"{collection} needs an id")
    # Dots alone would be taken for a way up.
    safe = quote(identifier, safe="", errors="replace")
    return collection + (safe if safe.strip(".") else safe.replace(".", "%2E"))


def query(**members: str | None) -> Query:
    """The query's members in the given order, those that are None left out."""
    return tuple((name, value) for name, value in members.items() if value is not None)
