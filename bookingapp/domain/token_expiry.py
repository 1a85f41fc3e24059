"""Tokens that end soon: admins are told before, not by the first refused call."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction

from bookingapp.domain import audit, token_states
from bookingapp.domain.models import AuditEvent, Organisation, Token
from bookingapp.domain.policy import policy_of

ACTION = "token.expiring"
# Seconds that pages may go without looking again.
KEPT = 300


def expiring(organisation: Organisation, *, today: date) -> list[Token]:
    """Tokens in use that end within the days of the policy, the next one first.

    After its last day a token is nothing special: Connect says whether it still takes it.
    """
    until = today + timedelta(days=policy_of(organisation.settings).expiry_warning_days)
    live = organisation.tokens.filter(retired_at=None, rejected_at=None)
    return list(live.filter(expires_on__range=(today, until)).order_by("expires_on", "pk"))


def warning(organisation: Organisation, *, today: date) -> tuple[str, int] | None:
    """The label of the token that ends next and its days left; kept, as every page asks."""
    key = _key(organisation)
    kept = cache.get(key)
    if kept is None or kept[0] != today.isoformat():
        soon = expiring(organisation, today=today)[:1]
        told = [(one.label, token_states.days_left(one, today)) for one in soon]
        kept = (today.isoformat(), told)
        cache.set(key, kept, KEPT)
    found: list[tuple[str, int]] = kept[1]
    return found[0] if found else None


def forget(organisation: Organisation) -> None:
    """After every change of its tokens or of the policy: at once, and when that is committed. A
    page that looks in between would keep what was.
    """
    cache.delete(_key(organisation))
    transaction.on_commit(partial(cache.delete, _key(organisation)))


def note_expiring(*, now: datetime) -> int:
    """Put each token that ends soon into the audit log, once for each date; returns how many."""
    noted = 0
    dated = Organisation.objects.filter(tokens__expires_on__gte=now.date()).distinct()
    for organisation in dated:
        for token in expiring(organisation, today=now.date()):
            noted += _note(organisation, token, now=now)
    return noted


def _note(organisation: Organisation, token: Token, *, now: datetime) -> bool:
    details = {"token": token.pk, "expires_on": str(token.expires_on)}
    known = AuditEvent.objects.filter(organisation=organisation, action=ACTION)
    if known.filter(details__token=token.pk, details__expires_on=str(token.expires_on)).exists():
        return False
    audit.record(ACTION, at=now, organisation=organisation, details=details)
    return True


def _key(organisation: Organisation) -> str:
    return f"token-expiry:{organisation.pk}"
