"""Who may work the sandbox: this machine, addressed as such, from no foreign page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from bookingapp.sandbox.errors import envelope

NAMES = {"localhost", "127.0.0.1", "::1"}

View = Callable[..., HttpResponse]


def loopback_only(view: View) -> View:
    """403 for callers from elsewhere, for foreign Host names (rebinding) and foreign Origins."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_ours(request):
            return envelope(403, "The sandbox is worked from its own machine only")
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def is_ours(request: HttpRequest) -> bool:
    host = request.META.get("HTTP_HOST", "")
    if request.META["REMOTE_ADDR"].removeprefix("::ffff:") not in NAMES or not _is_local(host):
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin.lower() == f"http://{host}".lower()
    # Old browsers send no Origin with a form, every current one says where it comes from.
    return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}


def _is_local(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in NAMES
    except ValueError:
        return False
