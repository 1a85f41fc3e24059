"""Secrets of links that open once: shown to one person, kept as a digest. Pure."""

from __future__ import annotations

import hashlib
import secrets

# By it our logs know a secret wherever one should turn up.
PREFIX = "invite_"
LONGEST = 200


def new() -> str:
    """About 256 bits in what may stand in an address."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256: enough for what nobody can guess."""
    return hashlib.sha256(secret[:LONGEST].encode("utf-8", "replace")).hexdigest()
