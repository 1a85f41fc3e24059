"""Error pages in plain words; under htmx a small part, so that nothing nests a page in a page."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from bookingapp.domain import sealing
from bookingapp.web import htmx


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _answer(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth asks for this one when an address sends too many requests."""
    return _answer(request, 429)


def second_factor(request: HttpRequest) -> HttpResponse:
    """The organisation lets nobody in without one, and this person has none."""
    return _answer(request, 403, "second_factor")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - ours says it in plain words
    return _answer(request, 403, "csrf")


def broken(request: HttpRequest) -> HttpResponse:
    """Nothing may be asked of the database here: it may be what is broken."""
    context: dict[str, Any] = {
        "request_id": getattr(request, "request_id", ""),
        "is_locked": isinstance(sys.exc_info()[1], sealing.Unsealable),
    }
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def _answer(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    template = f"errors/{name or status}.html"
    if htmx.wants_part(request):
        template += "#message"
    return render(request, template, status=status)
