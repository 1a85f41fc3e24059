"""Names from outside made fit for a cell: bounded, one line, no tricks of direction. Pure."""

from __future__ import annotations

import unicodedata
from html import escape

NAME_LIMIT = 60


def tidy(name: str, limit: int = NAME_LIMIT) -> str:
    """At most ``limit`` characters of ``name``, without control or direction marks. Not escaped."""
    # Cut first: a name of a megabyte must cost no more than a short one.
    kept = "".join(
        " " if char.isspace() else char
        for char in name[: limit * 4]
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    short = " ".join(kept.split())
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"


def safe(name: str, limit: int = NAME_LIMIT) -> str:
    """``tidy``, escaped for markup and attributes."""
    return escape(tidy(name, limit))
