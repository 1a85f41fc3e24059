"""Words as codes: they can be looked for and put in order, and are not there to be read. Pure.

What a code gives away is in docs/decisions.md. The key is one per installation, the scope keeps
equal words of two organisations apart.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

# Bytes of a name that decide where it stands: further ones would only tell more about it.
ORDERED_BYTES = 40
_TABLE = 16
_ROUNDS = 4


@lru_cache(maxsize=50_000)
def word(key: bytes, scope: str, text: str) -> bytes:
    """As many bytes as ``text`` has in UTF-8; what a text begins with, its code begins with.

    Nothing else of the order is kept: each byte goes through a permutation of all 256 that depends
    on what stands before it (four Feistel rounds, their tables from a keyed hash).
    """
    before, found = _begun(key, b"word", scope).copy(), bytearray()
    for byte in text.encode("utf-8", "replace"):
        table = before.copy().digest()
        left, right = byte >> 4, byte & 15
        for first in range(0, _ROUNDS * _TABLE, _TABLE):
            left, right = right, left ^ (table[first + right] & 15)
        found.append(left << 4 | right)
        before.update(bytes((byte,)))
    return bytes(found)


def after(code: bytes) -> bytes | None:
    """The first code beyond all that begin with ``code``; None where there is none."""
    kept = code.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,)) if kept else None


@lru_cache(maxsize=20_000)
def place(key: bytes, scope: str, text: str) -> bytes:
    """Where ``text`` stands among others: codes are in the order of the texts' bytes.

    Each byte becomes a random step upwards, another one after every beginning.
    """
    before, found = _begun(key, b"place", scope).copy(), bytearray()
    for byte in text.encode("utf-8", "replace")[:ORDERED_BYTES]:
        steps = hashlib.shake_256(before.digest()).digest(byte + 1)
        found += (byte + sum(steps)).to_bytes(2, "big")
        before.update(bytes((byte,)))
    return bytes(found)


def digest(key: bytes, text: str) -> str:
    """64 hex digits that recognise ``text``: without the key nobody can try out what it was."""
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _begun(key: bytes, purpose: bytes, scope: str) -> hashlib.blake2b:
    begun = hashlib.blake2b(key=key, person=purpose, digest_size=_ROUNDS * _TABLE)
    begun.update(f"{len(scope)}:{scope}:".encode())
    return begun
