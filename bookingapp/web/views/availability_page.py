"""The whole availability page, put together from kept pieces that are already compressed."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.safestring import mark_safe

from bookingapp.web import pieces
from bookingapp.web.context import Shell
from bookingapp.web.http import StaffRequest
from bookingapp.web.pieces import Pieces
from bookingapp.web.presenters import grid_cache
from bookingapp.web.templatetags.desk import age, clock
from bookingapp.web.views import advising
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
GAPS = ("top", "grid", "advice", "title")
GZIP = re.compile(r"\bgzip\b")


def can_be_kept(request: StaffRequest, desk: Desk) -> bool:
    """Not with a chosen cell, whose panel is the person's own, nor while a booking is moved, nor
    with something to tell once.
    """
    return not (desk.state.slot or desk.state.moving) and not len(get_messages(request))


def whole(request: StaffRequest, desk: Desk) -> HttpResponse:
    """The page of ``desk``; call ``desk.draw`` before."""
    shell = Shell(request)
    around = grid_cache.pieces.get(("shell", *shell.key), lambda: _around(request))
    filling: dict[str, str | Pieces] = {
        "top": grid_cache.pieces.get(top_key(desk), lambda: pieces.cut(top_part(request, desk))),
        "grid": grid_cache.pieces.get(grid_key(desk), lambda: pieces.cut(grid_part(request, desk))),
        "advice": advising.element(request, desk),
        "title": escape(title_of(desk)),
        "age": escape(age(desk.age_seconds or 0)),
        "now": clock(),
        "token": get_token(request),
    }
    return _response(request, around, filling)


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


def _response(
    request: StaffRequest, around: Pieces, filling: dict[str, str | Pieces]
) -> HttpResponse:
    found = pieces.filled(around, filling)
    if GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response = HttpResponse(pieces.gzipped(found), headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(pieces.plain(found))
    patch_vary_headers(response, ["HX-Request", "Accept-Encoding"])
    return response
