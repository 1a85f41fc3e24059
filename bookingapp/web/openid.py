"""Sign-in by OpenID Connect, closed to strangers: it opens accounts that exist here.

allauth carries the flow (state, PKCE, the exchange of the code). What it leaves out is done here:
a nonce, the signature of the id token, and that a person is looked for among those we have only.
"""

from __future__ import annotations

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from bookingapp.domain.people import proofs
from bookingapp.web import accounts
from bookingapp.web.openid_tokens import DeskOpenIdAdapter

ERROR = "socialaccount/authentication_error.html"
CONNECT = "connect"


class DeskSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """People come from an administrator; a provider's account makes nobody a colleague."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Of the environment only: no secret of a provider is ever in the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_provider(self, request: Any, provider: Any, client_id: Any = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        found.oauth2_adapter_class = DeskOpenIdAdapter
        return found

    def get_requests_session(self) -> Any:
        """Bounded in time; a provider that redirects its own interfaces is not followed."""
        session = super().get_requests_session()
        session.max_redirects = 0
        session.trust_env = False
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whose account this is; every other way through allauth's flow ends here."""
        if sociallogin.state.get("process") == CONNECT:
            raise ImmediateHttpResponse(_link(request, sociallogin))
        if sociallogin.is_existing:
            _keep_proof(sociallogin, sociallogin.user)
            return
        person = _person_of(sociallogin)
        if person is None:
            accounts.note("sign-in.refused", request, details={"by": ["openid"]})
            raise ImmediateHttpResponse(refused(request, "unknown", status=403))
        _keep_link(request, sociallogin, person)
        sociallogin.user = person

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        is_away = isinstance(exception, requests.RequestException)
        kind = "cancelled" if error == "cancelled" else "away" if is_away else "broken"
        if kind != "cancelled":
            accounts.note("sign-in.refused", request, details={"by": ["openid"], "why": kind})
        raise ImmediateHttpResponse(refused(request, kind, status=502 if is_away else 400))


def provider_of(request: HttpRequest) -> Any:
    """The provider of the environment; None without one."""
    adapter = DeskSocialAdapter(request)
    apps = adapter.list_apps(request)
    return adapter.get_provider(request, apps[0].provider_id) if apps else None


def links_of(person: Any, provider: Any) -> Any:
    """What the person linked at this provider."""
    return SocialAccount.objects.filter(user=person, provider=provider.sub_id)


def refused(request: HttpRequest, kind: str, *, status: int) -> Any:
    """A page about why it did not work: "cancelled", "away", "broken", "unknown" or "taken"."""
    provider = provider_of(request)
    name = provider.name if provider else ""
    return render(request, ERROR, {"kind": kind, "provider_name": name}, status=status)


def _person_of(sociallogin: Any) -> Any:
    """The one active person whose proven address the provider has verified; None for any doubt.

    Only a proven one: whoever joined by a link may have typed a colleague's.
    """
    known = [proofs.person_of(one) for one in _verified(sociallogin)]
    found = {person for person in known if person is not None}
    return found.pop() if len(found) == 1 else None


def _verified(sociallogin: Any) -> list[str]:
    return [one.email for one in sociallogin.email_addresses if one.verified]


def _link(request: HttpRequest, sociallogin: Any) -> Any:
    """A signed-in person has asked for the link on their security page."""
    asked_by = (sociallogin.state.get("data") or {}).get("person")
    if not request.user.is_authenticated or str(request.user.pk) != asked_by:
        return refused(request, "broken", status=400)
    if sociallogin.is_existing and sociallogin.user != request.user:
        return refused(request, "taken", status=409)
    if not sociallogin.is_existing:
        _keep_link(request, sociallogin, request.user)
    messages.success(request, gettext("Linked."))
    return redirect("security")


def _keep_link(request: HttpRequest, sociallogin: Any, person: Any) -> None:
    """The provider's id of the person, and nothing else that it told."""
    account = sociallogin.account
    account.user, account.extra_data = person, {}
    account.save()
    accounts.note("openid.linked", request, person)
    _keep_proof(sociallogin, person)


def _keep_proof(sociallogin: Any, person: Any) -> None:
    """Who is linked here and has this address there is who it belongs to."""
    theirs = {proofs.compared(one) for one in _verified(sociallogin)}
    if person.is_active and proofs.compared(person.email) in theirs:
        proofs.prove(person, way=proofs.Way.PROVIDER, now=timezone.now())
