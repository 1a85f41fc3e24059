"""What the types share. Our names in code; the wire's names through ``field(name=…)``."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, field

# Opaque and never empty: UUIDs and prefixed texts both occur (contract section 3.2).
Id = Annotated[str, Meta(min_length=1)]

# Members that we do not know, kept as they came: the lookups' shapes are not documented.
Extra = dict[str, Any]


def optional(wire_name: str) -> Any:
    """A member that may be absent or null: None here."""
    return field(default=None, name=wire_name)


def text(wire_name: str) -> Any:
    """A text that may be absent: empty here."""
    return field(default="", name=wire_name)


def wire(wire_name: str) -> Any:
    """A member that must be there, under the wire's name."""
    return field(name=wire_name)
