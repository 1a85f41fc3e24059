"""Personal values at rest: encrypted with keys derived from TOKEN_KEYS, bound to their column.

AES-256-GCM rather than Fernet: a board of leads opens hundreds of values for one page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "s1:"
_KEY_BYTES, _NONCE_BYTES = 4, 12


class Unsealable(Exception):
    """No key in TOKEN_KEYS opens this value, or it was moved from another column."""


@dataclass(frozen=True, slots=True)
class _Key:
    name: bytes
    box: AESGCM


def seal(text: str, place: str) -> str:
    """``text`` for the column ``place``, as ASCII that begins with MARK. Never twice the same."""
    key, nonce = _keys()[0], os.urandom(_NONCE_BYTES)
    sealed = key.box.encrypt(nonce, text.encode(), place.encode())
    return MARK + base64.b64encode(key.name + nonce + sealed).decode()


def unseal(sealed: str, place: str) -> str:
    """What :func:`seal` was given. Raises Unsealable."""
    try:
        raw = base64.b64decode(sealed[len(MARK) :], validate=True)
    except binascii.Error:
        raise Unsealable(place) from None
    name, rest = raw[:_KEY_BYTES], raw[_KEY_BYTES:]
    for key in _keys():
        if key.name == name:
            try:
                opened = key.box.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
            except (InvalidTag, ValueError):
                continue
            return opened.decode()
    raise Unsealable(place)


def is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(MARK)


def derived(purpose: str) -> bytes:
    """32 bytes for ``purpose``, from the first of TOKEN_KEYS: changes when that key changes."""
    return _derive(settings.TOKEN_KEYS[0], purpose.encode())


def _keys() -> tuple[_Key, ...]:
    return _made(tuple(settings.TOKEN_KEYS))


@lru_cache(maxsize=8)
def _made(secrets: Sequence[str]) -> tuple[_Key, ...]:
    keys = (_derive(secret, b"personal values") for secret in secrets)
    return tuple(_Key(hashlib.sha256(key).digest()[:_KEY_BYTES], AESGCM(key)) for key in keys)


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
