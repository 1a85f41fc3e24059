"""What a token can do, found out without changing anything at Connect (contract section 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from bookingapp import connect
from bookingapp.domain import audit, gateway, pauses, token_probe, tokens
from bookingapp.domain.models import Organisation, Token, Write
from bookingapp.domain.states import PAUSES, State
from bookingapp.domain.token_probe import Answer, Step

# Seconds between two tries of a rejected token while writes are paused.
PROBE_EVERY = 30

_SCOPES = frozenset(scope.value for scope in connect.Scope)
# Not this token's fault: every other would be told the same.
_SILENT = (
    *(connect.NotSent, connect.Unreachable, connect.GatewayFailed),
    *(connect.ServerFailed, connect.RateLimited),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried with one token, and what that says about it.

    ``verdict``: "admin", "write", "read", "rejected", "sealed" (no key opens it), "unclear"
    (Connect could not be asked: nothing was noted), or "skipped" (it could not for another token).
    """

    token: Token
    verdict: str
    steps: tuple[Step, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.verdict in _SCOPES

    @property
    def error(self) -> connect.ConnectError | None:
        """Why it is unclear."""
        return self.steps[-1].error if self.steps and self.verdict == "unclear" else None


@sensitive_variables("secret")
def examine(token: Token, *, person: Any = None) -> Finding:
    """Ask Connect and note what it says. Never raises for what Connect does."""
    try:
        secret = tokens.unseal(token)
    except tokens.Unsealable:
        return Finding(token, "sealed")
    taken = probe(token.organisation, secret)
    return Finding(token, noted(token, taken, person=person), taken)


@sensitive_variables("secret")
def probe(organisation: Organisation, secret: str) -> tuple[Step, ...]:
    """What Connect says to a secret; nothing is noted. Never raises for what Connect does."""
    return tuple(token_probe.steps(gateway.client(organisation), secret))


def examine_all(rows: Iterable[Token], *, person: Any = None) -> list[Finding]:
    """Each in turn; once Connect cannot be asked for one, it is not bothered with the others."""
    found: list[Finding] = []
    for token in rows:
        silent = any(isinstance(finding.error, _SILENT) for finding in found)
        found.append(Finding(token, "skipped") if silent else examine(token, person=person))
    return found


def verify(token: Token) -> str:
    """Find out and note the token's scope: "admin", "write", "read", or "" when it is rejected.

    Raises tokens.Unsealable, or connect.ConnectError when Connect could not be asked; nothing is
    noted then.
    """
    finding = examine(token)
    if finding.verdict == "sealed":
        raise tokens.Unsealable(f"token {token.pk} cannot be opened with TOKEN_KEYS")
    if finding.error is not None:
        raise finding.error
    return finding.verdict if finding.is_good else ""


def noted(token: Token, taken: tuple[Step, ...], *, person: Any) -> str:
    """The verdict on these steps, kept with the token; see Finding."""
    now, last = timezone.now(), taken[-1]
    if last.answer is Answer.REJECTED:
        tokens.note_refused(token.pk, status=401, at=now)
        if tokens.note_rejected(token.pk, at=now):
            _record("token.rejected", token, {"status": 401}, person=person, now=now)
        return "rejected"
    scope = token_probe.scope_of(list(taken))
    if last.answer is Answer.UNCLEAR or not scope:
        return "unclear"
    before = token.scope if not token.rejected_at else ""
    tokens.note_scope(token, scope, at=now)
    if before != scope:
        _record("token.checked", token, {"from": before, "to": scope}, person=person, now=now)
    return scope


def _record(
    action: str, token: Token, facts: dict[str, Any], *, person: Any, now: datetime
) -> None:
    details = tokens.facts_of(token) | facts
    audit.record(action, at=now, organisation=token.organisation, person=person, details=details)


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
    """Every token is looked at: the next call may need another scope than the last. Not those
    set aside: no call would choose them.
    """
    rows = organisation.tokens.filter(retired_at=None).select_related("organisation")
    findings = [examine(row) for row in rows]
    scopes = [connect.Scope(found.verdict) for found in findings if found.is_good]
    return pauses.resume(
        organisation, can=lambda needed: any(scope.covers(needed) for scope in scopes), now=now
    )


def resume_if_possible(organisation: Organisation, *, now: datetime) -> list[Write]:
    """After a token was added: go on if what was missing is there now."""
    organisation.refresh_from_db()
    return pauses.resume(
        organisation, can=lambda needed: gateway.has_token(organisation, needed), now=now
    )
