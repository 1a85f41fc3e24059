"""Collects a body piece by piece within a size limit, unpacked or not."""

from __future__ import annotations

import zlib

IDENTITY = {"", "identity"}
GZIP = {"gzip", "x-gzip"}


class TooLargeError(Exception):
    """The body is larger than allowed."""


class GarbledError(Exception):
    """The body's encoding is unknown, damaged or ends too early."""


class Body:
    """A body in the making. The limit is for what comes out: a small packed body can be huge."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        name = encoding.strip().lower()
        if name not in IDENTITY | GZIP:
            raise GarbledError(f"content-encoding {name[:40]} was not asked for")
        self._unpacker = zlib.decompressobj(wbits=31) if name in GZIP else None
        self._limit = limit_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self._began = False

    def add(self, chunk: bytes) -> None:
        """One piece as it came. Raises ``TooLargeError`` or ``GarbledError``."""
        self._began = self._began or bool(chunk)
        self._keep(chunk if self._unpacker is None else self._unpack(chunk))

    def _unpack(self, chunk: bytes) -> bytes:
        assert self._unpacker is not None  # noqa: S101 - for the type checker
        try:
            # One byte more than allowed is enough to know, and bounds the memory.
            return self._unpacker.decompress(chunk, self._limit - self._size + 1)
        except zlib.error:
            raise GarbledError("the packed body is damaged") from None

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLargeError(f"more than {self._limit} bytes")
        self._parts.append(piece)

    def so_far(self) -> bytes:
        """What has come yet."""
        return b"".join(self._parts)

    def whole(self) -> bytes:
        """The complete body. Raises ``GarbledError`` when the packing is not at its end."""
        if self._unpacker is not None and self._began and not self._unpacker.eof:
            raise GarbledError("the packed body ends too early")
        return self.so_far()
