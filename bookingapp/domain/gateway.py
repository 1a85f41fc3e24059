"""The one door to Connect: a guarded client, and the weakest token that will do."""

from __future__ import annotations

import threading
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import tokens
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Organisation, Token

T = TypeVar("T")

_lock = threading.Lock()
_clients: dict[tuple[str, str], connect.Client] = {}

# What is left of a token that was refused for lack of scope.
_WEAKER = {
    connect.Scope.ADMIN: Token.Scope.WRITE,
    connect.Scope.WRITE: Token.Scope.READ,
    connect.Scope.READ: Token.Scope.UNKNOWN,
}


def send(organisation: Organisation, call: connect.Call[T], *, request_id: str = "") -> T:
    """Make the call; a rejected or too narrow token is noted and the next one tried.

    401 and 403 are answered before anything is done (contract, section 2), so trying another
    token repeats nothing. Raises connect.ConnectError, or NoToken when there was none to try.
    """
    refused: connect.ConnectError | None = None
    tried: set[int] = set()
    while token := _choose(organisation, call.scope, tried):
        tried.add(token.pk)
        try:
            return client(organisation).send(
                call, token=tokens.unseal(token), request_id=request_id
            )
        except connect.TokenRejected as error:
            tokens.note_rejected(token.pk, at=timezone.now())
            refused = error
        except connect.ScopeTooNarrow as error:
            Token.objects.filter(pk=token.pk).update(scope=_WEAKER[call.scope])
            refused = error
    raise refused or NoToken(call.scope)


def has_token(organisation: Organisation, needed: connect.Scope) -> bool:
    return _choose(organisation, needed, set()) is not None


def client(organisation: Organisation) -> connect.Client:
    """The organisation's client; its connections live as long as this process."""
    key = (str(organisation.pk), organisation.connect_url)
    with _lock:
        if key not in _clients:
            _clients[key] = _build(organisation)
        return _clients[key]


def _build(organisation: Organisation) -> connect.Client:
    timeouts = connect.Timeouts(
        connect=settings.CONNECT_TIMEOUT,
        read=settings.CONNECT_READ_TIMEOUT,
        total=settings.CONNECT_TOTAL,
    )
    guard = connect.Guard(str(organisation.pk), store=CacheStore())
    return connect.Client(organisation.connect_url, timeouts=timeouts, guard=guard)


def _choose(organisation: Organisation, needed: connect.Scope, tried: set[int]) -> Token | None:
    usable = {
        token.pk: token
        for token in organisation.tokens.filter(rejected_at=None)
        if token.pk not in tried
    }
    known = [
        connect.TokenInfo(id=pk, scope=connect.Scope(token.scope) if token.scope else None)
        for pk, token in usable.items()
    ]
    chosen = connect.choose_token(known, needed)
    return usable[chosen.id] if chosen else None


class CacheStore:
    """Where throttle and breaker keep what all processes should know."""

    def get(self, key: str) -> dict[str, Any] | None:
        value = cache.get(f"guard:{key}")
        return value if isinstance(value, dict) else None

    def set(self, key: str, value: dict[str, Any], ttl_seconds: float) -> None:
        cache.set(f"guard:{key}", value, ttl_seconds)

    def add(self, key: str, value: dict[str, Any], ttl_seconds: float) -> bool:
        return bool(cache.add(f"guard:{key}", value, ttl_seconds))
