"""The tokens of a seeded world: three per organisation, their secrets known from the seed."""

from __future__ import annotations

import hashlib

from bookingapp.sandbox import ids
from bookingapp.sandbox.models import Organisation, Token

SCOPES = ("read", "write", "admin")


def tokens(seed: int, organisation: Organisation) -> list[Token]:
    return [_token(seed, organisation, scope) for scope in SCOPES]


def _token(seed: int, organisation: Organisation, scope: str) -> Token:
    secret = ids.secret_of(seed, organisation.name, scope)
    return Token(
        id=ids.seeded(seed, "token", organisation.name, scope),
        organisation=organisation,
        label=scope,
        scope=scope,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        last_four=secret[-4:],
    )
