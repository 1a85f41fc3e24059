"""To the OpenID Connect provider and back. Without one in the environment none of this is here."""

from __future__ import annotations

import secrets
from typing import Any

import requests
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookingapp.web import accounts, openid
from bookingapp.web.openid_tokens import DeskOpenIdAdapter

LEAVING = "socialaccount/leaving.html"
# A provider that answers something else than the standard says.
NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


class Callback(OAuth2CallbackView):  # type: ignore[misc]  # allauth is untyped
    """allauth's; what was kept is also for whoever checks the nonce."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.kept = state or {}
        return state, response


@login_not_required
@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """POST: sign in, or with ``link`` a link to the account of who is signed in.

    A page that leads on, not a redirect: the policy of our pages lets no form out of the house.
    """
    provider = _provider(request)
    refusal = ratelimit.consume_or_429(request, app="allauth.account", action="login")
    if refusal is not None:
        return refusal  # type: ignore[no-any-return]  # allauth is untyped
    is_link = "link" in request.POST and request.user.is_authenticated
    if is_link:
        raise_if_reauthentication_required(request, app="allauth.mfa")
    nonce = secrets.token_urlsafe(24)
    kept = {"nonce": nonce} | ({"person": str(request.user.pk)} if is_link else {})
    try:
        answer = provider.redirect(
            request,
            openid.CONNECT if is_link else "login",
            next_url=_next(request),
            data=kept,
            auth_params={"nonce": nonce},
        )
    except requests.RequestException:
        return openid.refused(request, "away", status=502)  # type: ignore[no-any-return]
    except (OAuth2Error, *NONSENSE):
        return openid.refused(request, "broken", status=502)  # type: ignore[no-any-return]
    return render(request, LEAVING, {"address": answer["Location"], "name": provider.name})


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    """Back from the provider, with a code or with an error."""
    provider = _provider(request)
    adapter = DeskOpenIdAdapter(request, provider.app.provider_id)
    try:
        answer: HttpResponseBase = Callback.adapter_view(adapter)(request)
    except ImmediateHttpResponse as told:
        answer = told.response
    except NONSENSE:
        return openid.refused(request, "broken", status=502)  # type: ignore[no-any-return]
    return answer


@require_POST
def unlink(request: HttpRequest) -> HttpResponseBase:
    """POST: the provider opens this account no more. Not the last way in."""
    provider = _provider(request)
    raise_if_reauthentication_required(request, app="allauth.mfa")
    person: Any = request.user
    if not person.has_usable_password():
        messages.error(request, gettext("Set a password first, or nothing opens your account."))
    elif openid.links_of(person, provider).delete()[0]:
        accounts.note("openid.unlinked", request, person)
        messages.success(request, gettext("No longer linked."))
    return redirect("security")


def _provider(request: HttpRequest) -> Any:
    provider = openid.provider_of(request)
    if provider is None:
        raise Http404
    return provider


def _next(request: HttpRequest) -> str | None:
    """Where to go afterwards, on this host only."""
    asked = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_here else None
