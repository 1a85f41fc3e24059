"""Page or part, redirects and toasts: the only file that knows htmx's headers."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect as plain_redirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

TOAST_KINDS = frozenset({"info", "good", "warning", "bad"})


def wants_part(request: HttpRequest) -> bool:
    """Whether only a part of the page is wanted.

    Not for a boosted link, and not when htmx restores a page from the history: both are marked
    as htmx requests too, and a lone part would fill the window.
    """
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request


def render_part(
    request: HttpRequest,
    template: str,
    part: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The named part of ``template`` for htmx, the whole page for everybody else."""
    name = f"{template}#{part}" if wants_part(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole window to ``url`` (a name, path or object), never a part of it."""
    response = plain_redirect(url)
    if not getattr(request, "htmx", None):
        patch_vary_headers(response, ["HX-Request"])
        return response
    answer = HttpResponse(headers={"HX-Redirect": response["Location"]})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def toast(response: HttpResponse, text: str, kind: str = "info") -> HttpResponse:
    """Show ``text`` for a moment once the answer is swapped in. Only for htmx answers.

    ``kind`` is info, good, warning or bad; a bad one stays until it is closed and is read out
    at once. Raises ValueError for another kind.
    """
    if kind not in TOAST_KINDS:
        raise ValueError(f"a toast is one of {sorted(TOAST_KINDS)}, not {kind!r}")
    return trigger(response, "desk:toast", {"text": str(text), "kind": kind})


def trigger(response: HttpResponse, event: str, detail: dict[str, Any]) -> HttpResponse:
    """Fire ``event`` on the element that made the request, beside those already asked for."""
    events = json.loads(response.get("HX-Trigger", "{}"))
    # Header bytes are ASCII: json.dumps escapes everything else.
    response["HX-Trigger"] = json.dumps(events | {event: detail})
    return response


def trigger_settled(response: HttpResponse, event: str) -> HttpResponse:
    """Fire ``event`` on the page once the answer stands in it and its own request is over."""
    response["HX-Trigger-After-Settle"] = event
    return response


def retarget(response: HttpResponse, selector: str, swap: str) -> HttpResponse:
    """Swap the answer in elsewhere than the request said; ``swap`` is htmx's word for how."""
    response["HX-Retarget"], response["HX-Reswap"] = selector, swap
    return response


def push_url(response: HttpResponse, url: str) -> HttpResponse:
    """Put ``url`` into the address bar as a new step of the history."""
    response["HX-Push-Url"] = url
    return response


def came_from(request: HttpRequest) -> str:
    """The address (path and query, on this host) of the page that made an htmx request, or ""."""
    htmx = getattr(request, "htmx", None)
    return (htmx.current_url_abs_path or "") if htmx else ""


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The whole window goes to the sign-in page, and back to the page it was on."""
    query = urlencode({"next": came_from(request) or resolve_url("home")})
    return redirect(request, f"{resolve_url(settings.LOGIN_URL)}?{query}")
