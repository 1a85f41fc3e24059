"""A code of an authenticator app, which opens the door once."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.cache import cache

# Seconds in which a code can be right: its own half minute and one on either side.
RIGHT_FOR = 90


class _Once:
    """allauth forgets a used code after 30 seconds; with the tolerance it is right for longer."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        if self.authenticator.type == Authenticator.Type.TOTP:
            told = hashlib.sha256(f"{self.user.pk}:{code.strip()}".encode()).hexdigest()
            if not cache.add(f"second-factor:{told}", 1, timeout=RIGHT_FOR):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SignInForm(_Once, forms.AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""


class ConfirmForm(_Once, forms.ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """Before something about one's own security is changed."""
