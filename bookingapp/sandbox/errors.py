"""How the stand-in refuses: one exception, one envelope (contract section 3.4)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from bookingapp.sandbox.switches import board

NAMES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 413: "Payload Too Large",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable",
}  # fmt: skip


class Refusal(Exception):
    """Connect says no: a status and the words for it."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message or NAMES.get(status, "Error")


def invalid(what: str) -> Refusal:
    """A 400 in the style of the one validation message on record."""
    return Refusal(400, f"Validation failed: {what}")


def envelope(status: int, message: str) -> HttpResponse:
    """``{statusCode, message}``, or the shape that the switch `error.message_shape` asks for."""
    body: dict[str, Any] = {"statusCode": status, "message": message}
    if board["error.message_shape"] == "array":
        body["message"] = [message]
    elif board["error.message_shape"] == "extra":
        body["error"] = NAMES.get(status, "Error")
    return json_response(body, status)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    return envelope(404, NAMES[404])


def failed(_request: HttpRequest) -> HttpResponse:
    return envelope(500, NAMES[500])


def json_response(body: Any, status: int = 200) -> HttpResponse:
    data = b"" if status == 204 else msgspec.json.encode(body)
    return HttpResponse(data, status=status, content_type="application/json; charset=utf-8")
