"""Sign-in by OpenID Connect, closed to strangers: it opens accounts that exist here."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class DeskSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """People come from an administrator; a provider's account makes nobody a colleague."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
