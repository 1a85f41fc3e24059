"""Tokens: sealed at rest, opened only for the call they make, chosen by least power."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from bookingapp.domain.models import Organisation, Token


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


def fingerprint(secret: str) -> str:
    """Sixteen hex digits that recognise a secret and reveal nothing of it."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()[:16]


def store(organisation: Organisation, *, secret: str, label: str) -> tuple[Token, bool]:
    """The token with this secret, and whether it is new here."""
    known = find(organisation, secret)
    if known:
        if known.label != label:
            Token.objects.filter(pk=known.pk).update(label=label)
        return known, False
    token = Token.objects.create(
        organisation=organisation,
        label=label,
        sealed=seal(secret),
        fingerprint=fingerprint(secret),
        last_four=secret[-4:],
    )
    return token, True


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


@transaction.atomic
def rotate_keys() -> int:
    """Seal every token anew with the first of TOKEN_KEYS; returns how many."""
    tokens = list(Token.objects.select_for_update())
    for token in tokens:
        Token.objects.filter(pk=token.pk).update(sealed=_box().rotate(bytes(token.sealed)))
    return len(tokens)


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])
