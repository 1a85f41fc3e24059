"""Addresses: paths and queries exactly as documented, slashes included (contract section 3.1)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from .calls import Query

# Letters of any script, as host names may be international; nothing that could end the host early.
_HOST = re.compile(r"[\w.:-]{1,253}")


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


def base_address(base_url: str) -> str:
    """An organisation's address without its last slash; ``ValueError`` when it will not do."""
    address = base_url.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the base URL must begin with http:// or https:// and name a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the base URL must be an address only: no name, query or fragment")
    if parts.port == 0 or not _HOST.fullmatch(parts.hostname):
        raise ValueError("the base URL must name a real host and port")
    return address
