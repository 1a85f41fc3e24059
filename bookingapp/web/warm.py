"""The same request again, while all that its answer was made of is still the same.

A view whose answer depends on nothing but the request, the person's standing, what it read from the
shared cache, and the time, says so with ``keep``. The next time the browser sends that very request
(every header the same, cookies included), one trip to the cache tells whether the answer holds:
the session, the count of what needs the person, and the reading are all compared. The standing is
looked up as for any other page. If anything differs the request goes the whole way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.cookie import SimpleCookie
from django.utils import timezone

from bookingapp import reads
from bookingapp.domain import standing
from bookingapp.domain.standing import Standing
from bookingapp.web.presenters.grid_cache import Kept

Answer = Callable[[HttpRequest], HttpResponse]
Body = Callable[[datetime], bytes]

MOST = 1_000
SCHEME = "wsgi.url_scheme"
OF_ONE_REQUEST = "HTTP_X_REQUEST_ID"


@dataclass(frozen=True, slots=True)
class Warm:
    """``body`` makes the body for a moment (UTC) before ``until`` (UTC)."""

    body: Body
    until: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """An answer, and what it was made of."""

    seen: Mapping[str, Any]
    standing: Standing
    warm: Warm
    status: int
    headers: Mapping[str, str]
    cookies: SimpleCookie

    def holds(self, found: Mapping[str, Any], now: datetime) -> bool:
        if now >= self.warm.until or any(found.get(key) != self.seen[key] for key in self.seen):
            return False
        today = standing.of(self.standing.person.pk)
        return today is not None and today.facts == self.standing.facts

    def response(self, now: datetime) -> HttpResponse:
        body = self.warm.body(now)
        response = HttpResponse(body, status=self.status, headers=dict(self.headers))
        response.cookies = self.cookies
        if body:
            response["Content-Length"] = str(len(body))
        return response


_kept: Kept[Known] = Kept(MOST)


def keep(response: HttpResponse, body: Body, until: datetime) -> HttpResponse:
    """Mark what a view answers as good until ``until`` (UTC) while all it was made of stands."""
    response.warm = Warm(body, until)  # type: ignore[attr-defined]
    return response


def clear() -> None:
    _kept.clear()


class WarmMiddleware:
    """Outside of everything that finds out who asks and in which language."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or "HTTP_COOKIE" not in request.META:
            return self.get_response(request)
        asked = _asked(request)
        known = _kept.find(asked)
        found: dict[str, Any] = {}
        if known is not None:
            found, now = cache.get_many(known.seen), timezone.now()
            if known.holds(found, now):
                return known.response(now)
        with reads.noted(found) as seen:
            response = self.get_response(request)
        _remember(asked, request, response, seen)
        return response


def _asked(request: HttpRequest) -> tuple[object, ...]:
    """The whole request: nothing that an answer may depend on is left out."""
    meta = request.META
    headers = [
        item for item in meta.items() if item[0].startswith("HTTP_") and item[0] != OF_ONE_REQUEST
    ]
    return (meta.get(SCHEME), meta["PATH_INFO"], meta["QUERY_STRING"], *headers)


def _remember(
    asked: tuple[object, ...], request: HttpRequest, response: HttpResponse, seen: dict[str, Any]
) -> None:
    warm: Warm | None = getattr(response, "warm", None)
    who: Standing | None = getattr(request, "_standing", None)
    # Without the session among the things read nobody could tell that it has ended.
    if warm is None or who is None or request.session.modified or not _has_session(request, seen):
        return
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    _kept.keep(asked, Known(seen, who, warm, response.status_code, headers, response.cookies))


def _has_session(request: HttpRequest, seen: dict[str, Any]) -> bool:
    key = getattr(request.session, "cache_key", None)
    return key is not None and seen.get(key) is not None
