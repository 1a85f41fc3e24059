"""Tokens: finding the caller, and minting, revoking and changing them (contract section 2)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from bookingapp.sandbox import ids, locks
from bookingapp.sandbox.errors import Refusal
from bookingapp.sandbox.models import Organisation, Token
from bookingapp.sandbox.switches import board

METHODS = {"GET": 0, "HEAD": 0, "OPTIONS": 0, "POST": 1, "PATCH": 1, "PUT": 1, "DELETE": 2}
RANKS = {"read": 0, "write": 1, "admin": 2}

# When each token was last used, by id; kept in memory, a row written per read would be dear.
last_used: dict[str, datetime] = {}


def caller(header: str) -> Token | None:
    """The token of an Authorization header, whatever its state; None when there is no such one."""
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.startswith("rocketlead_"):
        return None
    digest = hashlib.sha256(secret.strip().encode()).hexdigest()
    return Token.objects.select_related("organisation").filter(digest=digest).first()


def check(token: Token | None, now: datetime) -> Token:
    """The token when it is good; 401 when missing, unknown, revoked or expired."""
    if token is None or token.revoked_at is not None:
        raise Refusal(401)
    if token.expires_at is not None and token.expires_at <= now:
        raise Refusal(401)
    last_used[token.id] = now
    return token


def check_scope(token: Token, method: str) -> None:
    """403 when the scope does not cover the method; scopes go by method alone."""
    if RANKS[token.scope] < METHODS.get(method, 2):
        raise Refusal(403, "Insufficient scope")


def mint(organisation: Organisation, label: str, scope: str, expires_at: datetime | None) -> str:
    """A new token's secret, in Connect's shape; only its digest is kept."""
    secret = str(board["token.prefix"]) + secrets.token_hex(32)
    with locks.WRITE:
        Token.objects.create(
            id=ids.fresh("token", board["id.style"]), organisation=organisation, label=label,
            scope=scope, expires_at=expires_at, last_four=secret[-4:],
            digest=hashlib.sha256(secret.encode()).hexdigest(),
        )  # fmt: skip
    return secret
