"""Who sends a request: looked up anew for whatever changes something, kept for what only looks."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from bookingapp.domain import standing
from bookingapp.domain.standing import Standing

ONLY_LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})


class PersonMiddleware(AuthenticationMiddleware):
    """``request.user`` as Django has it, without its query where the standing is known."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.method in ONLY_LOOKS:
            request.user = SimpleLazyObject(partial(_person, request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> Any:
    known = _standing(request)
    if known is None:
        # Django says who is nobody, and ends a session that does not hold any more.
        return get_user(request)
    request._memberships = list(known.places)  # type: ignore[attr-defined]  # see http.memberships
    return known.person


def _standing(request: HttpRequest) -> Standing | None:
    """The same checks as Django's: the backend, the person, and the hash of their password."""
    session = request.session
    told = session.get(SESSION_KEY)
    if told is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    known = standing.of(get_user_model()._meta.pk.to_python(told))
    carried = session.get(HASH_SESSION_KEY) or ""
    if known is None or not constant_time_compare(carried, known.session_hash):
        return None
    return known
