"""The one door to Connect: a guarded client, and the weakest token that will do."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from bookingapp import connect
from bookingapp.connect.guard import Standing
from bookingapp.domain import addresses, audit, call_tallies, pauses, tokens
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Organisation, Token
from bookingapp.domain.states import Reason

T = TypeVar("T")

logger = logging.getLogger(__name__)

# Seconds of a lease that no call may use.
MARGIN = 1.0

# The key of the token that the last call made here was tried with.
last_used: ContextVar[int | None] = ContextVar("last_used_token", default=None)

_lock = threading.Lock()
_clients: dict[tuple[str, str], connect.Client] = {}

# What is left of a token that was refused for lack of scope.
_WEAKER = {
    connect.Scope.ADMIN: Token.Scope.WRITE,
    connect.Scope.WRITE: Token.Scope.READ,
    connect.Scope.READ: Token.Scope.UNKNOWN,
}


def send(
    organisation: Organisation,
    call: connect.Call[T],
    *,
    request_id: str = "",
    until: datetime | None = None,
) -> T:
    """Make the call; a rejected or too narrow token is noted and the next one tried.

    401 and 403 are answered before anything is done (contract, section 2), so trying another
    token repeats nothing. ``until`` (UTC) is when the caller's lease ends: nothing is sent that
    could outlive it. Raises connect.ConnectError, or NoToken when there was none to try; the
    organisation is then paused, which admins see and the doctor looks after.
    """
    refused: connect.ConnectError | None = None
    tried: set[int] = set()
    while token := _choose(organisation, call.scope, tried):
        tried.add(token.pk)
        last_used.set(token.pk)
        try:
            secret = tokens.unseal(token)
            _note_used(token)
            # The address that was read together with the token: ``organisation`` may be older.
            return client(token.organisation).send(
                call, token=secret, request_id=request_id, deadline_seconds=_rest(until)
            )
        except tokens.Unsealable:
            logger.exception("a token cannot be opened", extra={"token": token.pk})
        except connect.TokenRejected as error:
            _note_rejected(token)
            refused = error
        except connect.ScopeTooNarrow as error:
            tokens.note_refused(token.pk, status=403, at=timezone.now())
            Token.objects.filter(pk=token.pk).update(scope=_WEAKER[call.scope])
            refused = error
    _pause(organisation, call.scope, refused)
    raise refused or NoToken(call.scope)


def _note_used(token: Token) -> None:
    """What cannot be noted costs no call."""
    with suppress(DatabaseError):
        tokens.note_used(token, at=timezone.now())


def _note_rejected(token: Token) -> None:
    now = timezone.now()
    tokens.note_refused(token.pk, status=401, at=now)
    if tokens.note_rejected(token.pk, at=now):
        details = tokens.facts_of(token) | {"status": 401}
        audit.record("token.rejected", at=now, organisation=token.organisation, details=details)


def _rest(until: datetime | None) -> float:
    """Seconds that a call may take."""
    if until is None:
        return settings.CONNECT_TOTAL
    rest = (until - timezone.now()).total_seconds() - MARGIN
    if rest <= 0:
        raise connect.NotSent("the lease on this write is about to end")
    return min(rest, settings.CONNECT_TOTAL)


def _pause(
    organisation: Organisation, needed: connect.Scope, refused: connect.ConnectError | None
) -> None:
    reason = Reason.NO_TOKEN
    if isinstance(refused, connect.TokenRejected):
        reason = Reason.TOKEN_REJECTED
    elif isinstance(refused, connect.ScopeTooNarrow):
        reason = Reason.SCOPE_TOO_NARROW
    pauses.pause(organisation, reason=reason, scope=needed.value, now=timezone.now())


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
    return connect.Client(
        organisation.connect_url,
        timeouts=timeouts,
        guard=_guard(organisation),
        reach=addresses.reach(),
        on_call=partial(call_tallies.note, organisation.pk),
    )


def _guard(organisation: Organisation) -> connect.Guard:
    return connect.Guard(str(organisation.pk), store=CacheStore())


def held_back(organisation: Organisation) -> Standing:
    """Whether calls are held back now, as every process sees it."""
    return _guard(organisation).standing()


def _choose(organisation: Organisation, needed: connect.Scope, tried: set[int]) -> Token | None:
    rows = Token.objects.filter(organisation=organisation, rejected_at=None, retired_at=None)
    found = rows.select_related("organisation").order_by("pk")
    usable = {token.pk: token for token in found if token.pk not in tried}
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
