"""The tokens of a seeded world: three per organisation, their secrets known from the seed."""

from __future__ import annotations

import hashlib

from bookingapp.sandbox import ids
from bookingapp.sandbox.models import Organisation, Token

SCOPES = ("read", "write", "admin")


def secret_of(seed: int, organisation: str, scope: str) -> str:
    """The secret of the seeded token, in Connect's shape: the prefix and 64 hex characters."""
    digest = hashlib.sha256(f"{seed}:{organisation}:{scope}".encode()).hexdigest()
    return f"rocketlead_live_{digest}"


def tokens(seed: int, organisation: Organisation) -> list[Token]:
    return [_token(seed, organisation, scope) for scope in SCOPES]


def _token(seed: int, organisation: Organisation, scope: str) -> Token:
    secret = secret_of(seed, organisation.name, scope)
    return Token(
        id=ids.seeded(seed, "token", organisation.name, scope),
        organisation=organisation,
        label=scope,
        scope=scope,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        last_four=secret[-4:],
    )
