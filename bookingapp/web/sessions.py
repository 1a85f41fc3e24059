"""Where a person is signed in: seen, listed and ended. Ending works at once, in every process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Answer = Callable[[HttpRequest], HttpResponse]

# "Last seen" is true to this many seconds, and costs one update in that time.
SEEN_SECONDS = 60.0
MOST = 10_000


class _Seen:
    """Which sessions this process has noted of late, safe to use from any thread."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, key: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if self._until.get(key, 0.0) > now:
                return False
            if len(self._until) >= MOST:
                self._until.clear()
            self._until[key] = now + SEEN_SECONDS
        return True


_seen = _Seen()


class SeenMiddleware:
    """Notes now and then that a session is in use, after it was answered."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key
        if key and request.user.is_authenticated and _seen.is_due(key):
            note(request)
        return response


def note(request: HttpRequest) -> None:
    """The session is in use now. One query, two for a session that was never noted."""
    key = request.session.session_key
    known = UserSession.objects.filter(session_key=key)
    if not known.update(last_seen_at=timezone.now()):
        UserSession.objects.create_from_request(request)


def of(person: Any) -> list[Any]:
    """All sessions that still hold, the last used first."""
    held = UserSession.objects.purge_and_list(person)
    return sorted(held, key=lambda one: one.last_seen_at, reverse=True)


def end_all(person: Any, *, but: str = "") -> int:
    """Sign the person out everywhere, except of the session with the key ``but``. How many."""
    ended = list(UserSession.objects.filter(user_id=person.pk).exclude(session_key=but))
    for one in ended:
        one.end()
    return len(ended)


def _person_changed(instance: Any, *, created: bool, raw: bool = False, **_signal: Any) -> None:
    """A new password, or none to be here at all, ends every session, whoever changed it."""
    if created or raw:
        return
    # Django keeps what ``set_password`` was given until just after this signal.
    if not instance.is_active or instance._password is not None:
        end_all(instance)


def watch() -> None:
    post_save.connect(_person_changed, sender=get_user_model(), dispatch_uid="sessions")
