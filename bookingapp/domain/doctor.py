"""What a token can do, found out without changing anything at Connect (contract section 2).

Scopes go by method and are checked before existence, so a change of something that cannot exist
answers 403 when the scope is too narrow and 404 when it is wide enough.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import gateway, pauses, tokens
from bookingapp.domain.models import Organisation, Token, Write
from bookingapp.domain.states import PAUSES, State

# Seconds between two tries of a rejected token while writes are paused.
PROBE_EVERY = 30


def verify(token: Token) -> str:
    """Find out and note the token's scope: "admin", "write", "read", or "" when it is rejected.

    Raises connect.ConnectError when Connect could not be asked; nothing is noted then.
    """
    now = timezone.now()
    try:
        scope = _scope(token)
    except connect.TokenRejected:
        tokens.note_rejected(token.pk, at=now)
        return ""
    tokens.note_scope(token, scope, at=now)
    return scope


def _scope(token: Token) -> str:
    client = gateway.client(token.organisation)
    secret = tokens.unseal(token)
    client.send(connect.list_lead_pools(), token=secret)
    nowhere = f"desk-probe-{uuid.uuid4()}"
    if not _passes(client, connect.patch_lead(nowhere, {}), secret):
        return Token.Scope.READ
    if not _passes(client, connect.delete_booking(nowhere), secret):
        return Token.Scope.WRITE
    return Token.Scope.ADMIN


def _passes(client: connect.Client, call: connect.Call[Any], secret: str) -> bool:
    try:
        client.send(call, token=secret)
    except connect.ScopeTooNarrow:
        return False
    except (connect.Missing, connect.Refused):
        return True
    return True


def revive(*, now: datetime) -> list[Write]:
    """Look whether paused organisations have a good token again; returns the writes resumed."""
    resumed: list[Write] = []
    waiting = Write.objects.filter(state=State.WAITING, reason__in=PAUSES).values("organisation")
    stopped = ~Q(paused_reason="") | Q(pk__in=waiting)
    for organisation in Organisation.objects.filter(stopped):
        if cache.add(f"revive:{organisation.pk}", 1, PROBE_EVERY):
            resumed += _revive(organisation, now=now)
    return resumed


def _revive(organisation: Organisation, *, now: datetime) -> list[Write]:
    """Every token is looked at: the next call may need another scope than the last."""
    looked_at = [_looked_at(token) for token in organisation.tokens.all()]
    scopes = [connect.Scope(scope) for scope in looked_at if scope]
    return pauses.resume(
        organisation, can=lambda needed: any(scope.covers(needed) for scope in scopes), now=now
    )


def _looked_at(token: Token) -> str:
    try:
        return verify(token)
    except (connect.ConnectError, tokens.Unsealable):
        return ""


def resume_if_possible(organisation: Organisation, *, now: datetime) -> list[Write]:
    """After a token was added: go on if what was missing is there now."""
    organisation.refresh_from_db()
    return pauses.resume(
        organisation, can=lambda needed: gateway.has_token(organisation, needed), now=now
    )
