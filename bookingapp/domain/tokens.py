"""Tokens: sealed at rest, opened only for the call they make, chosen by least power."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from bookingapp.domain.models import Organisation, Token

# How exactly the last use of a token is known.
USED_EVERY = timedelta(minutes=1)


class Unsealable(Exception):
    """No key in TOKEN_KEYS opens this token."""


def seal(secret: str) -> bytes:
    return _box().encrypt(secret.encode())


def unseal(token: Token) -> str:
    """The secret. Hand it to the transport and nowhere else. Raises Unsealable."""
    try:
        return _box().decrypt(bytes(token.sealed)).decode()
    except InvalidToken:
        raise Unsealable(f"token {token.pk} cannot be opened with TOKEN_KEYS") from None


def is_open(token: Token) -> bool:
    """Whether one of TOKEN_KEYS opens it."""
    try:
        unseal(token)
    except Unsealable:
        return False
    return True


def facts_of(token: Token) -> dict[str, Any]:
    """What the audit log may say about a token: enough to know it again, nothing of its secret."""
    return {"token": token.pk, "fingerprint": token.fingerprint, "last_four": token.last_four}


def fingerprint(secret: str) -> str:
    """Sixteen hex digits that recognise a secret and reveal nothing of it."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()[:16]


@sensitive_variables("secret")
def store(
    organisation: Organisation,
    *,
    secret: str,
    label: str,
    person: Any = None,
    expires_on: date | None = None,
    replaces: Token | None = None,
) -> tuple[Token, bool]:
    """The token with this secret, and whether it is new here. A known one only gets the label;
    one that no key opened any more is sealed again with what was pasted.
    """
    known = find(organisation, secret)
    if known:
        if known.label != label:
            Token.objects.filter(pk=known.pk).update(label=label)
        return known, False
    return Token.objects.update_or_create(
        organisation=organisation,
        fingerprint=fingerprint(secret),
        defaults={
            "label": label,
            "sealed": seal(secret),
            "last_four": secret[-4:],
            "added_by": person,
            "expires_on": expires_on,
            "replaces": replaces,
            "retired_at": None,
        },
    )[0], True


def find(organisation: Organisation, secret: str) -> Token | None:
    """By comparing secrets, not fingerprints: those change with SECRET_KEY.

    A token that no key opens is none that is known here: a good one can still be added.
    """
    return next((token for token in organisation.tokens.all() if _is(token, secret)), None)


def _is(token: Token, secret: str) -> bool:
    try:
        known = unseal(token)
    except Unsealable:
        return False
    # As bytes: of texts, compare_digest takes only ASCII.
    return hmac.compare_digest(known.encode(), secret.encode())


def note_scope(token: Token, scope: str, *, at: datetime) -> None:
    Token.objects.filter(pk=token.pk).update(scope=scope, verified_at=at, rejected_at=None)


def note_rejected(token_id: int, *, at: datetime) -> bool:
    """Mark a token that Connect answered with 401. True for the first to notice."""
    return bool(Token.objects.filter(pk=token_id, rejected_at=None).update(rejected_at=at))


def note_refused(token_id: int, *, status: int, at: datetime) -> None:
    """Its last 401 or 403, which stays on record when it is good again."""
    Token.objects.filter(pk=token_id).update(refused_status=status, refused_at=at)


def note_used(token: Token, *, at: datetime) -> None:
    """Once a minute at most, whichever process sends."""
    if token.last_used_at is not None and at - token.last_used_at < USED_EVERY:
        return
    if cache.add(f"token-used:{token.pk}", 1, USED_EVERY.total_seconds()):
        Token.objects.filter(pk=token.pk).update(last_used_at=at)


@transaction.atomic
def rotate_keys() -> tuple[int, int]:
    """Seal every token anew with the first of TOKEN_KEYS; how many, and how many none of them
    opens: those are left as they are.
    """
    done = locked = 0
    for token in list(Token.objects.select_for_update()):
        try:
            sealed = _box().rotate(bytes(token.sealed))
        except InvalidToken:
            locked += 1
            continue
        Token.objects.filter(pk=token.pk).update(sealed=sealed)
        done += 1
    return done, locked


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])
