"""What a fault does to a call: the answer it gives instead, or what it does to the answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

from django.http import HttpRequest, HttpResponse

from bookingapp.sandbox import errors, instants, limits, transport
from bookingapp.sandbox.faults import Rule
from bookingapp.sandbox.switches import board

HTML_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>proxy</center>\r\n"
    b"</body>\r\n</html>\r\n"
)


def before(rule: Rule, request: HttpRequest) -> HttpResponse | None:
    """The fault before the call is processed: an answer in its place, or None to go on."""
    if rule.kind == "latency":
        return _delayed(request, rule.params["ms"] / 1000)
    if rule.kind == "hang" and rule.params["when"] == "before":
        return _delayed(request, rule.params["seconds"])
    if rule.kind == "reset_before":
        return _cut_off(request)
    if rule.kind == "redirect":
        return HttpResponse(
            status=rule.params["status"], headers={"Location": rule.params["location"]}
        )
    if rule.kind == "rate_limit":
        return _over_limit(f"rule {rule.number}", rule.params["per_minute"], rule)
    return _answer(rule) if rule.params.get("when") == "before" else None


def after(rule: Rule, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The fault after the call was processed, and committed: what is sent instead of the answer."""
    if rule.kind == "hang" and rule.params["when"] == "after":
        transport.pause(rule.params["seconds"])
    elif rule.kind == "reset_after_commit":
        transport.of(request).reset = True
    elif rule.kind in MANGLED:
        return MANGLED[rule.kind](rule, request, response)
    elif rule.params.get("when") == "after":
        return _answer(rule) or response
    return response


def injected() -> HttpResponse | None:
    """The answer that the `inject.*` switches give to every call."""
    if board["inject.status"] == "off":
        return None
    return _error(int(board["inject.status"]), "", board["inject.retry_after"])


def over_rate(organisation: str) -> HttpResponse | None:
    """429 when the organisation has made more calls this minute than `rate.limit` allows."""
    if not board["rate.limit"]:
        return None
    return _over_limit(f"organisation {organisation}", board["rate.limit"], None)


def _delayed(request: HttpRequest, seconds: float) -> HttpResponse | None:
    return None if transport.pause(seconds) else _cut_off(request)


def _cut_off(request: HttpRequest) -> HttpResponse:
    transport.of(request).reset = True
    return HttpResponse(status=500)


def _over_limit(key: str, per_minute: float, rule: Rule | None) -> HttpResponse | None:
    wait = limits.wait_for(key, per_minute)
    if not wait:
        return None
    form = (rule.params["retry_after"] if rule else board["inject.retry_after"]) or ""
    seconds = str(math.ceil(wait))
    return _error(429, "", f"date:{seconds}" if str(form).startswith("date") else seconds)


def _answer(rule: Rule) -> HttpResponse | None:
    if rule.kind == "html_502":
        return HttpResponse(HTML_502, status=502, content_type="text/html")
    if rule.kind.startswith("status_"):
        status = int(rule.kind.removeprefix("status_"))
        return _error(status, rule.params.get("message", ""), rule.params.get("retry_after", ""))
    return None


def _error(status: int, message: str, retry_after: object) -> HttpResponse:
    if board.is_on("inject.html_error"):
        response = HttpResponse(HTML_502, status=status, content_type="text/html")
    else:
        response = errors.envelope(status, message or errors.NAMES.get(status, "Error"))
    if status in {429, 503} and retry_after not in {"", None}:
        response["Retry-After"] = _retry_after(str(retry_after))
    return response


def _retry_after(wanted: str) -> str:
    """Seconds as they are; "date:30" as the HTTP date half a minute from now."""
    kind, _, seconds = wanted.partition(":")
    if kind != "date":
        return wanted
    # Dates have whole seconds: rounded up, so that waiting until then is long enough.
    at = instants.now() + timedelta(seconds=float(seconds or 1) + 0.999)
    return format_datetime(at.replace(microsecond=0), usegmt=True)


def _malformed(_rule: Rule, _request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.content = b'{"id": "' + response.content[: len(response.content) // 2]
    return response


def _truncated(rule: Rule, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    keep = max(0, len(response.content) - int(rule.params["missing_bytes"]))
    transport.of(request).missing_bytes = len(response.content) - keep or 1
    response.content = response.content[:keep]
    return response


def _empty(_rule: Rule, _request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.content = b""
    return response


def _huge(rule: Rule, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    transport.of(request).padding_bytes = int(rule.params["megabytes"] * 1_000_000)
    return response


MANGLED: dict[str, Callable[[Rule, HttpRequest, HttpResponse], HttpResponse]] = {
    "malformed": _malformed,
    "truncated": _truncated,
    "empty": _empty,
    "huge": _huge,
}
