"""Where RocketLead's flows and forms send to: no session, no cookie, a secret in the address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bookingapp.domain.hooks import bodies, guessing, inbox, secrets
from bookingapp.domain.models import Delivery
from bookingapp.tasks.writes import wake_write

# No JSON at all is 400; JSON that cannot be what was meant 422.
STATUS = {"too_large": 413, "not_an_object": 422, "too_deep": 422}


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def events(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """What a flow's HTTP request node sends (contract 6.3)."""
    return _taken(request, slug, secret, Delivery.Way.EVENTS)


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def forms(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """What the form webhook sends (contract 7.2)."""
    return _taken(request, slug, secret, Delivery.Way.FORMS)


def _taken(request: HttpRequest, slug: str, secret: str, way: Delivery.Way) -> HttpResponse:
    now = timezone.now()
    organisation = secrets.find(slug, secret, now=now)
    if organisation is None:
        return _unknown(guessing.seconds_to_wait(slug, now=now))
    if _announced(request) > bodies.LARGEST:
        return _answer(413, "too_large")
    try:
        received = inbox.receive(organisation, way, _raw(request), now=now)
    except bodies.Unreadable as error:
        return _answer(STATUS.get(error.code, 400), error.code)
    for pk in received.freed:
        wake_write(pk)
    result = "repeated" if received.is_repeat else str(received.delivery.result)
    return _answer(200, result, delivery=str(received.delivery.pk))


def _unknown(wait_seconds: int) -> HttpResponse:
    if not wait_seconds:
        return _answer(404, "not_found")
    response = _answer(429, "too_many_wrong_addresses")
    response["Retry-After"] = str(wait_seconds)
    return response


def _announced(request: HttpRequest) -> int:
    """Bytes that are to come; nothing of a body is read before that is known."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _raw(request: HttpRequest) -> bytes:
    """The body, or one byte more than may be taken.

    Of one that comes in pieces nobody says how long it is, so Django reads none of it; the server
    knows where it ends.
    """
    in_pieces = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if in_pieces and request.META.get("wsgi.input_terminated"):
        return bytes(request.META["wsgi.input"].read(bodies.LARGEST + 1))
    return request.read(bodies.LARGEST + 1)


def _answer(status: int, result: str, **more: str) -> HttpResponse:
    return JsonResponse({"result": result, **more}, status=status)
