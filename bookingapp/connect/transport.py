"""The only file that touches httpx: sends bytes, brings back a reply or says why there is none."""

from __future__ import annotations

import http.cookiejar
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from .addresses import Reach
from .bodies import Body, GarbledError, TooLargeError
from .deadlines import DeadlineBackend, within
from .errors import AddressRefused, Unreachable, Unreadable
from .redaction import RedactingFilter
from .replies import Reply

# Anything but these can happen after the request, or a part of it, has left.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    # A host name that cannot be: found out before there is a connection.
    httpx.InvalidURL,
    UnicodeError,
)
_BROKEN_OFF = (httpx.RemoteProtocolError, httpx.ReadError)
_LOGGERS = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``read`` is between two bytes; ``total`` is for a whole call, repeats included."""

    connect: float = 3.0
    write: float = 5.0
    read: float = 15.0
    pool: float = 3.0
    total: float = 20.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The pool. Idle connections are dropped early: a write on one that the server is just closing
    would be unsure (``keepalive_seconds``).
    """

    connections: int = 16
    keepalive_connections: int = 8
    keepalive_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it goes out. Its headers hold the secret, so nothing prints them."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None

    def __repr__(self) -> str:
        return f"Exchange({self.method} {self.url})"


class Transport:
    """A pool of connections for the life of the process; safe to use from many threads."""

    def __init__(
        self,
        *,
        timeouts: Timeouts,
        limits: Limits,
        max_body_bytes: int,
        clock: Callable[[], datetime],
        reach: Reach | None = None,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        reach = reach or Reach()
        # What stands in for the network in tests is asked whatever it is called.
        self._tls_rule = None if inner else reach
        self._timeouts = timeouts
        self._max_body_bytes = max_body_bytes
        self._clock = clock
        self._client = httpx.Client(
            transport=inner or _pool(limits, reach),
            # A redirect would carry the token elsewhere; proxies and netrc of the environment too.
            follow_redirects=False,
            trust_env=False,
            cookies=_no_cookies(),
        )
        _hush()

    def close(self) -> None:
        self._client.close()

    def send(self, exchange: Exchange, *, seconds: float) -> Reply:
        """One exchange, over after so many ``seconds`` at the latest.

        Raises ``Unreachable`` or, for a successful status only, ``Unreadable``. Both say
        ``maybe_applied`` for any method: the caller knows whether that matters.
        """
        problem: Unreachable | Unreadable
        try:
            self._require_tls(exchange.url)
            with within(seconds):
                return self._exchange(exchange, seconds)
        except (Unreachable, Unreadable) as error:
            problem = error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            problem = Unreachable(_words(error), maybe_applied=not isinstance(error, _NEVER_SENT))
        # Raised out here so that no library error, with its request and headers, hangs on it.
        raise problem

    def _require_tls(self, url: str) -> None:
        """Raises AddressRefused for an address without TLS, but where that is allowed."""
        asked, rule = httpx.URL(url), self._tls_rule
        if rule and asked.scheme != "https" and not rule.may_be_plain(asked.host):
            raise AddressRefused(f"{asked.host} is not asked without TLS", maybe_applied=False)

    def _exchange(self, exchange: Exchange, seconds: float) -> Reply:
        with self._client.stream(
            exchange.method,
            exchange.url,
            headers=dict(exchange.headers),
            content=exchange.body,
            timeout=self._timeout(seconds),
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = self._body(response, headers)
            return Reply(response.status_code, headers, body, self._clock())

    def _timeout(self, seconds: float) -> httpx.Timeout:
        # The waits on a connection are shortened below, byte by byte; the pool's wait is not there.
        known = self._timeouts
        return httpx.Timeout(
            connect=known.connect,
            read=known.read,
            write=known.write,
            pool=min(known.pool, seconds),
        )

    def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        body: Body | None = None
        try:
            body = Body(_encoding(response, headers), self._max_body_bytes)
            for chunk in _chunks(response):
                body.add(chunk)
            return body.whole()
        except TooLargeError as error:
            reason, words = "too large", str(error)
        except GarbledError as error:
            reason, words = "encoding", str(error)
        except _BROKEN_OFF as error:
            reason, words = "truncated", _words(error)
        if response.is_success:
            raise Unreadable(words, reason=reason, status=response.status_code, maybe_applied=True)
        # Any other status has said the main thing; what came of the text will do.
        return body.so_far() if body else b""


def _encoding(response: httpx.Response, headers: Mapping[str, str]) -> str:
    # A response that is complete already (from a test's transport) is unpacked already.
    return "" if response.is_stream_consumed else headers.get("content-encoding", "")


def _chunks(response: httpx.Response) -> Iterator[bytes]:
    return iter([response.content]) if response.is_stream_consumed else response.iter_raw()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _pool(limits: Limits, reach: Reach) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(verify=_tls(), trust_env=False)
    # httpx offers no way to hand in the network backend that its pool takes; the pool itself is
    # httpcore's public one.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=_tls(),
        max_connections=limits.connections,
        max_keepalive_connections=limits.keepalive_connections,
        keepalive_expiry=limits.keepalive_seconds,
        network_backend=DeadlineBackend(reach),
    )
    return transport


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the certificates takes tens of milliseconds; one context serves every client.
    return httpx.create_ssl_context(trust_env=False)


def _no_cookies() -> http.cookiejar.CookieJar:
    # One organisation's cookie must never travel with another one's token.
    return http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))


def _hush() -> None:
    for name in _LOGGERS:
        library: Any = logging.getLogger(name)
        if not any(isinstance(known, RedactingFilter) for known in library.filters):
            library.addFilter(RedactingFilter())
