"""Who cannot sign in for a while after wrong passwords, and letting them try again at once."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest

# Counted by allauth for what was typed; by accounts.py for the person.
TYPED, PERSON = "login_failed", "login_failed_person"


def is_locked(request: HttpRequest, person: Any) -> bool:
    """Under their name, their e-mail address or as themselves. Asks the cache only."""
    return any(not _is_free(request, action, key) for action, key in _counts(request, person))


def unlock(request: HttpRequest, person: Any) -> None:
    """Forget the wrong passwords of this person; those of an internet address go on counting."""
    for action, key in _counts(request, person):
        ratelimit.clear(
            request, app="allauth.account", action=action, config=rates_of(action), key=key
        )


def _is_free(request: HttpRequest, action: str, key: str) -> bool:
    usage = ratelimit.consume(
        request,
        app="allauth.account",
        action=action,
        config=rates_of(action),
        key=key,
        dry_run=True,
        limit_get=True,
    )
    return usage is not None


def _counts(request: HttpRequest, person: Any) -> list[tuple[str, str]]:
    adapter: Any = get_adapter(request)
    typed = [person.get_username(), person.email]
    keys = [adapter._get_login_attempts_cache_key(request, username=one) for one in typed if one]
    return [(TYPED, key) for key in keys] + [(PERSON, str(person.pk))]


def rates_of(action: str) -> dict[str, str]:
    """Only what is counted by name: an internet address is shared by a whole office."""
    rates = ratelimit.get_rates(app="allauth.account", action=TYPED)
    mine = [f"{one.amount}/{one.duration}s/{one.per}" for one in rates if one.per == "key"]
    return {action: ",".join(mine)}
