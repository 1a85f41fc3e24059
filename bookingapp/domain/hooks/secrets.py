"""The secret part of a hook's address: shown once, kept as a digest, rotated without a gap."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bookingapp.domain import audit
from bookingapp.domain.models import HookSecret, Organisation

# By it our logs know a secret wherever one should turn up.
PREFIX = "hook_"
LONGEST = 200
USED_EVERY = timedelta(minutes=1)


def make(organisation: Organisation, *, person: Any, now: datetime) -> str:
    """A new secret, good from now on beside those there are. Nobody can be told it again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    HookSecret.objects.create(
        organisation=organisation,
        digest=_digest(secret),
        last_four=secret[-4:],
        created_at=now,
        created_by=person,
    )
    _noted("hooks.secret_made", organisation, secret[-4:], person=person, now=now)
    return secret


def end(
    organisation: Organisation, pk: int, *, ends_at: datetime, person: Any, now: datetime
) -> bool:
    """Whether there was one to end. It is good until ``ends_at``."""
    found = live(organisation, now=now).filter(pk=pk).first()
    if found is None:
        return False
    HookSecret.objects.filter(pk=pk).update(ends_at=ends_at)
    _noted("hooks.secret_ended", organisation, found.last_four, person=person, now=now)
    return True


def live(organisation: Organisation, *, now: datetime) -> QuerySet[HookSecret]:
    return HookSecret.objects.filter(_is_good(now), organisation=organisation)


def find(slug: str, secret: str, *, now: datetime) -> Organisation | None:
    """Whose address this is; None says neither which part is wrong nor, by its time, how wrong."""
    digest = _digest(secret[:LONGEST])
    rows = HookSecret.objects.filter(_is_good(now), organisation__slug=slug)
    known = [row for row in rows.select_related("organisation") if _same(row.digest, digest)]
    if not known:
        return None
    _used(known[0], now)
    return known[0].organisation


def _is_good(now: datetime) -> Q:
    return Q(ends_at=None) | Q(ends_at__gt=now)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one, other)


def _used(secret: HookSecret, now: datetime) -> None:
    lately = secret.used_at is not None and now - secret.used_at < USED_EVERY
    if not lately:
        HookSecret.objects.filter(pk=secret.pk).update(used_at=now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _noted(
    what: str, organisation: Organisation, last_four: str, *, person: Any, now: datetime
) -> None:
    details = {"last_four": last_four}
    audit.record(what, organisation=organisation, at=now, person=person, details=details)
