"""A page in pieces that were compressed once, with gaps for what is another each time. Pure.

Each piece is deflated by itself and what fills a gap is only stored, so a secret in a gap never
shares a compression window with anything: its guesses cannot be read off the length (BREACH).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

GAP = re.compile(r"<!--gap:([a-z]+)-->")
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# An empty last block.
TAIL = b"\x03\x00"
LEVEL = 9
# A stored block holds no more.
MOST_STORED = 0xFFFF


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a page, and the same as blocks of a deflate stream that end on a whole byte."""

    plain: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    name: str


Pieces: TypeAlias = tuple[Piece | Gap, ...]
Filling: TypeAlias = Mapping[str, "str | Pieces"]


def gap(name: str) -> str:
    """What a template shows where a gap is to be. No escaped text can look like it."""
    return f"<!--gap:{name}-->"


def cut(markup: str) -> Pieces:
    """The pieces between the gaps, compressed."""
    found = GAP.split(markup)
    return tuple(
        Gap(text) if at % 2 else _deflated(text.encode()) for at, text in enumerate(found) if text
    )


def filled(pieces: Pieces, filling: Filling) -> Iterator[Piece]:
    """All gaps filled, with markup or with other pieces. Raises KeyError for an unknown gap."""
    for piece in pieces:
        if isinstance(piece, Piece):
            yield piece
            continue
        found = filling[piece.name]
        if isinstance(found, str):
            yield stored(found.encode())
        else:
            yield from filled(found, filling)


def plain(pieces: Iterator[Piece]) -> bytes:
    return b"".join(piece.plain for piece in pieces)


def gzipped(pieces: Iterator[Piece]) -> bytes:
    """One gzip stream of all pieces."""
    parts, check, size = [HEAD], 0, 0
    for piece in pieces:
        parts.append(piece.packed)
        check = zlib.crc32(piece.plain, check)
        size += len(piece.plain)
    parts += [TAIL, check.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little")]
    return b"".join(parts)


def stored(text: bytes) -> Piece:
    """Not compressed at all. Raises ValueError for more than 65,535 bytes."""
    if len(text) > MOST_STORED:
        raise ValueError("too much for a gap")
    size = len(text)
    head = b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
    return Piece(text, head + text)


def _deflated(text: bytes) -> Piece:
    squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Piece(text, squeeze.compress(text) + squeeze.flush(zlib.Z_FULL_FLUSH))
