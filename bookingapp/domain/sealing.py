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
_BEGINS = _KEY_BYTES + _NONCE_BYTES


class Unsealable(Exception):
    """No key in TOKEN_KEYS opens this value, or it was moved from another column."""


@dataclass(frozen=True, slots=True)
class _Key:
    name: bytes
    box: AESGCM


def seal(text: str, place: str) -> str:
    """``text`` for the column ``place``, as ASCII that begins with MARK. Never twice the same."""
    return MARK + base64.b64encode(seal_bytes(text.encode(), place)).decode()


def unseal(sealed: str, place: str) -> str:
    """What :func:`seal` was given. Raises Unsealable."""
    return unseal_bytes(_raw(sealed, place), place).decode()


def seal_bytes(plain: bytes, place: str) -> bytes:
    """The same for bytes, without a mark."""
    key, nonce = _keys()[0], os.urandom(_NONCE_BYTES)
    return key.name + nonce + key.box.encrypt(nonce, plain, place.encode())


def unseal_bytes(raw: bytes, place: str) -> bytes:
    """What :func:`seal_bytes` was given. Raises Unsealable."""
    for key in _keys():
        if raw.startswith(key.name):
            try:
                return key.box.decrypt(raw[_KEY_BYTES:_BEGINS], raw[_BEGINS:], place.encode())
            except (InvalidTag, ValueError):
                continue
    raise Unsealable(place)


def is_of_first_key(sealed: str) -> bool:
    """Whether nothing is left to do for it when TOKEN_KEYS has got a new first key."""
    try:
        return _raw(sealed, "").startswith(_keys()[0].name)
    except Unsealable:
        return False


def _raw(sealed: str, place: str) -> bytes:
    try:
        return base64.b64decode(sealed[len(MARK) :], validate=True)
    except binascii.Error:
        raise Unsealable(place) from None


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
