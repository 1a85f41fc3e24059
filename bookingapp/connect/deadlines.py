"""A wall-clock limit for one exchange, kept below the HTTP library, byte by byte.

A timeout per read lets a server that sends one byte now and then hold a thread for ever. Here each
read, write and connect gets no more time than is left of the whole.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from .addresses import Reach, allowed
from .errors import AddressRefused


class _Limit(threading.local):
    # The library works in the caller's thread, so the thread knows whose time it is.
    at: float = math.inf


_limit = _Limit()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever this thread does on the network inside of the block is over after ``seconds``."""
    before, _limit.at = _limit.at, time.monotonic() + seconds
    try:
        yield
    finally:
        _limit.at = before


def _left(timeout: float | None, late: Callable[[str], Exception]) -> float | None:
    rest = _limit.at - time.monotonic()
    if rest <= 0:
        raise late("the time for the whole call is over")
    return rest if timeout is None else min(timeout, rest)


def lookup(host: str, port: int) -> list[str]:
    """The addresses that ``host`` leads to now, the preferred one first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class DeadlineBackend(httpcore.NetworkBackend):
    """Plain sockets whose every wait ends with the call's time, to addresses that may be reached.

    The name is looked up here and the connection made to the very address that was looked at, so
    that a name which leads elsewhere a moment later gains nothing. TLS still asks for the name.
    """

    def __init__(
        self, reach: Reach | None = None, lookup: Callable[[str, int], list[str]] | None = None
    ) -> None:
        self._inner = httpcore.SyncBackend()
        self._reach = reach or Reach()
        self._lookup = lookup

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        until = time.monotonic() + (math.inf if timeout is None else timeout)
        addresses = self._addresses(host, port)
        for position, address in enumerate(addresses, start=1):
            rest = None if timeout is None else max(until - time.monotonic(), 0.001)
            wait = _left(rest, httpcore.ConnectTimeout)
            try:
                inner = self._inner.connect_tcp(address, port, wait, local_address, socket_options)
            except httpcore.ConnectError:
                if position == len(addresses):
                    raise
            else:
                return DeadlineStream(inner)
        raise httpcore.ConnectError(f"{host} leads nowhere")

    def _addresses(self, host: str, port: int) -> list[str]:
        """Where to connect to. Raises AddressRefused, or ConnectError when the name is unknown."""
        try:
            found = (self._lookup or lookup)(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from None
        good = allowed(self._reach, host, found)
        if found and not good:
            raise AddressRefused(f"{host} leads to an address that is closed here")
        return good


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the call's time."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = _left(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, wait))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
