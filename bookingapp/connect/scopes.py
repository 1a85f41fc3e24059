"""What a token may do, and which token a call should use (contract section 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

TokenId = TypeVar("TokenId")


class Scope(Enum):
    """A token's power. Each includes the ones before it; Connect decides by HTTP method alone."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return _ORDER.index(self)

    def covers(self, other: Scope) -> bool:
        """True when a token of this scope may make a call that needs ``other``."""
        return self.rank >= other.rank

    @classmethod
    def for_method(cls, method: str) -> Scope:
        """The narrowest scope that Connect accepts for an HTTP method."""
        return _BY_METHOD.get(method.upper(), cls.ADMIN)


_ORDER = (Scope.READ, Scope.WRITE, Scope.ADMIN)
_BY_METHOD = {
    "GET": Scope.READ,
    "HEAD": Scope.READ,
    "OPTIONS": Scope.READ,
    "POST": Scope.WRITE,
    "PATCH": Scope.WRITE,
    "PUT": Scope.WRITE,
}


@dataclass(frozen=True, slots=True)
class TokenInfo(Generic[TokenId]):
    """A token as the choice sees it: any id of the caller's, and its scope (None: not known)."""

    id: TokenId
    scope: Scope | None


def choose_token(tokens: Iterable[TokenInfo[TokenId]], needed: Scope) -> TokenInfo[TokenId] | None:
    """The token with the least power that covers ``needed``; one of unknown scope only at last.

    Among equals the first given wins. None when no token will do.
    """
    known = [token for token in tokens if token.scope is None or token.scope.covers(needed)]
    return min(known, key=_power, default=None)


def _power(token: TokenInfo[TokenId]) -> int:
    return len(_ORDER) if token.scope is None else token.scope.rank
