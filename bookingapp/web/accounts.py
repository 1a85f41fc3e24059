"""Sign-in by allauth, closed to strangers, locked after repeated failures, and on record."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import audit

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

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError while this name or address is locked out."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._note("sign-in.locked", request)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed stays out of the record: it may be a password in the wrong field.
        self._note("sign-in.refused", request)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        self._note("sign-in", request, user)

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

    def _note(self, action: str, request: HttpRequest, person: Any = None) -> None:
        details = {"address": self.get_client_ip(request)}
        audit.record(action, person=person, at=timezone.now(), details=details)
