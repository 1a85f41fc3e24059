"""Request id, security headers, and the way to the sign-in page."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from bookingapp.domain import audit
from bookingapp.web import htmx

Answer = Callable[[HttpRequest], HttpResponse]

# Somebody else's id goes into our logs and on to Connect: only what cannot break either.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class RequestIdMiddleware:
    """One id for everything a request causes: in the logs, and echoed as X-Request-ID."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ContentSecurityPolicyMiddleware:
    """The headers Django 5.2 does not set by itself, the same on every answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if not response.has_header("Cache-Control"):
            # Pages hold names and phone numbers: no shared cache, and never shown unasked.
            patch_cache_control(response, private=True, no_cache=True)
        return response


class OriginMiddleware:
    """What is written into the audit log within a request says from where it was asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            address = get_account_adapter(request).get_client_ip(request)
        except PermissionDenied:
            # A server that is asked by a socket of this machine knows none.
            address = ""
        with audit.origin(address, request.request_id):  # type: ignore[attr-defined]
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in person unless it says ``@login_not_required`` itself.

    Under htmx the whole window goes to the sign-in page, and back to the page it was on:
    a sign-in form inside a cell of the grid would be a trap.
    """

    def handle_no_permission(  # type: ignore[override]  # the stubs know only the plain redirect
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if not getattr(request, "htmx", None):
            answer: HttpResponseBase = super().handle_no_permission(request, view_func)
            return answer
        return htmx.to_sign_in(request)
