"""Ids of new rows, in the style the switch `id.style` asks for, and what a seed always gives."""

from __future__ import annotations

import hashlib
import uuid

PREFIXES = {"lead": "entry_", "booking": "booking_", "token": "tok_"}


def fresh(kind: str, style: str) -> str:
    """A new id: a UUID, or prefixed as the guides show it (contract section 3.2)."""
    made = uuid.uuid4()
    return PREFIXES[kind] + made.hex[:24] if style == "prefixed" else str(made)


def secret_of(seed: int, organisation: str, scope: str) -> str:
    """The secret of the seeded token, in Connect's shape: the prefix and 64 hex characters."""
    digest = hashlib.sha256(f"{seed}:{organisation}:{scope}".encode()).hexdigest()
    return f"rocketlead_live_{digest}"


def seeded(*parts: object) -> str:
    """The UUID that these parts always give."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
