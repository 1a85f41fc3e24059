"""Sign-in by allauth, closed to strangers, locked after repeated failures, and on record."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import audit
from bookingapp.web import lockouts

# One sentence for every way of being wrong: it must not tell which half was right.
MISMATCH = _("That name and password do not belong together. Check both and try again.")
LOCKED = _(
    "Too many failed attempts. Wait five minutes, then try again. If you forgot your password, "
    "ask your administrator for a new one."
)


class DeskAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """People come from an administrator; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "too_many_login_attempts": LOCKED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person, or None. Raises ValidationError while what was typed is locked out.

        The failures of one person are counted together, whichever way they sign in. A count that
        was run out under another name answers like a wrong password and takes as long: to say more
        would tell who exists, and which name and address belong together.
        """
        usages = [count_failure(request, person) for person in _people(credentials)]
        if None in usages:
            credentials["password"] = secrets.token_urlsafe()
        person = super().authenticate(request, **credentials)
        if person is not None:
            for usage in usages:
                usage.rollback()
        return person

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError while this name or address is locked out."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._note("sign-in.locked", request, _only(_people(credentials)))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed stays out of the record: it may be a password in the wrong field.
        self._note("sign-in.refused", request, _only(_people(credentials)))

    def login(self, request: HttpRequest, user: Any) -> None:
        ways = [_way(one) for one in get_authentication_records(request, user)]
        super().login(request, user)
        self._note("sign-in", request, user, {"by": ways})

    def logout(self, request: HttpRequest) -> None:
        person = request.user if request.user.is_authenticated else None
        super().logout(request)
        self._note("sign-out", request, person)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says it already."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The name alone: another spelling or Host header must not start a new count."""
        typed = str(credentials.get("email") or credentials.get("username") or "")
        return unicodedata.normalize("NFKC", typed).casefold()

    def _note(
        self,
        action: str,
        request: HttpRequest,
        person: Any = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        note(action, request, person, details)


def note(
    action: str, request: HttpRequest, person: Any = None, details: dict[str, Any] | None = None
) -> None:
    """On record with where it came from, also where a provider sends somebody back by a GET."""
    address = get_adapter().get_client_ip(request)
    with audit.origin(address, getattr(request, "request_id", "")):
        audit.record(action, person=person, at=timezone.now(), details=details)


def _way(record: dict[str, Any]) -> str:
    """How somebody showed who they are: "password", "totp", "webauthn", "recovery_codes"…"""
    return str(record.get("type") or record.get("method"))


def _only(people: list[Any]) -> Any:
    """Whose account was tried, where that is one: the admins of theirs should see it."""
    return people[0] if len(people) == 1 else None


def _people(credentials: dict[str, Any]) -> list[Any]:
    """Everybody whom allauth would try the password on."""
    email, name = credentials.get("email"), credentials.get("username")
    found = set(filter_users_by_email(email, for_login=True)) if email else set()
    if name:
        found.add(get_user_by_username(name))
    return [person for person in found if person is not None]


def count_failure(request: HttpRequest, person: Any) -> Any:
    """One more try on the person; None when there were too many. Take it back after a success."""
    mine, key = lockouts.rates_of(lockouts.PERSON), str(person.pk)
    return ratelimit.consume(
        request, app="allauth.account", action=lockouts.PERSON, config=mine, key=key
    )
