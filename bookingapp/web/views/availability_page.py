"""The whole availability page, put together from kept pieces that are already compressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from bookingapp.web import pieces, warm
from bookingapp.web.context import Shell
from bookingapp.web.http import StaffRequest
from bookingapp.web.pieces import Pieces
from bookingapp.web.presenters import grid_cache
from bookingapp.web.templatetags.desk import age, clock
from bookingapp.web.views.availability_context import (
    GRID_MODULES,
    grid_key,
    grid_part,
    title_of,
    top_key,
    top_part,
)
from bookingapp.web.views.availability_desk import Desk

PAGE = "availability/page.html"
GAPS = ("top", "grid", "title")
GZIP = re.compile(r"\bgzip\b")


def can_be_kept(request: StaffRequest, desk: Desk) -> bool:
    """Not with a chosen cell, whose panel is the person's own, nor with something to tell once."""
    return desk.state.slot is None and not len(get_messages(request))


def whole(request: StaffRequest, desk: Desk) -> HttpResponse:
    """The page of ``desk``; call ``desk.draw`` before."""
    page = _Page(
        around=grid_cache.pieces.get(("shell", *Shell(request).key), lambda: _around(request)),
        parts={
            "top": grid_cache.pieces.get(
                top_key(desk), lambda: pieces.cut(top_part(request, desk))
            ),
            "grid": grid_cache.pieces.get(
                grid_key(desk), lambda: pieces.cut(grid_part(request, desk))
            ),
            "title": escape(title_of(desk)),
        },
        as_of=desk.reading.as_of if desk.reading else None,
        language=get_language() or "en",
        token=get_token(request),
        is_gzip=bool(GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))),
    )
    response = HttpResponse(page.body(desk.now))
    if page.is_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["HX-Request", "Accept-Encoding"])
    until = desk.same_until
    return warm.keep(response, page.body, until) if until else response


@dataclass(frozen=True, slots=True)
class _Page:
    """All of a page but what is another with every answer."""

    around: Pieces
    parts: dict[str, str | Pieces]
    as_of: datetime | None
    language: str
    # Masked anew for each page that is made; the same browser's same page may carry it again, as
    # what fills a gap is never compressed.
    token: str
    is_gzip: bool

    def body(self, now: datetime) -> bytes:
        seconds = max((now - self.as_of).total_seconds(), 0.0) if self.as_of else 0.0
        with translation.override(self.language):
            told = age(seconds)
        more = {"age": escape(told), "now": clock(), "token": self.token}
        found = pieces.filled(self.around, self.parts | more)
        return pieces.gzipped(found) if self.is_gzip else pieces.plain(found)


def _around(request: StaffRequest) -> Pieces:
    """The page with gaps for all that is not the same on the person's next one."""
    context: dict[str, Any] = {name: _gap(name) for name in GAPS}
    context |= {
        "page_now": _gap("now"),
        "csrf_token": _gap("token"),
        "messages": (),
        "organisation": request.organisation,
        "grid_modules": GRID_MODULES,
        "panel_template": "availability/choose.html",
    }
    return pieces.cut(render_to_string(PAGE, context, request))


def _gap(name: str) -> str:
    return mark_safe(pieces.gap(name))  # noqa: S308 - a constant
