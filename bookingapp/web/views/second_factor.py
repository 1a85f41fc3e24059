"""allauth's pages of second factors, with our words, our addresses and statuses of their own."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from bookingapp.web import accounts

LOCKED = {"too_many_login_attempts", "rate_limited"}


class Refusing:
    """A refused form is no success: 422, or 429 after too many."""

    request: HttpRequest

    def form_invalid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_invalid(form)  # type: ignore[misc]
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        response.status_code = 429 if codes & LOCKED else 422
        if codes & LOCKED:
            person = getattr(form, "user", None)
            accounts.note("sign-in.locked", self.request, person, {"by": ["second-factor"]})
        return response


class Asking:
    """What to ask the browser's passkeys for, as JSON for passkey.js."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        options = context["js_data"]["request_options"]
        return context | {"passkey_options": json.dumps(options)}


class SecondStep(Asking, Refusing, base.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmByPassword(Refusing, ReauthenticateView):  # type: ignore[misc]
    pass


class ConfirmByCode(Refusing, base.ReauthenticateView):  # type: ignore[misc]
    pass


class ConfirmByPasskey(Asking, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponseBase:
        accounts.note("confirm.refused", self.request, self.request.user, {"kind": "webauthn"})
        messages.error(self.request, gettext("That passkey was not accepted."))
        return redirect(self.passthrough_next_url(self.request.path))


class AddApp(Refusing, totp.ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        messages.success(
            self.request, gettext("The app is set up. You need it at your next sign-in.")
        )
        return answer


class RemoveApp(Refusing, totp.DeactivateTOTPView):  # type: ignore[misc]
    success_url = reverse_lazy("security")

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        messages.success(self.request, gettext("The app is no longer asked for."))
        return answer


class AddPasskey(Refusing, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Always one that signs in by itself: with a finger, a face or a PIN, and without a name."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.request.method == "POST":
            # allauth leaves the bound form out.
            context["form"] = kwargs.get("form", context["form"])
        options = webauthn_auth.begin_registration(self.request.user, passwordless=True)
        return context | {"passkey_options": json.dumps(options)}

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        messages.success(self.request, gettext("The passkey is added."))
        return answer


class NamePasskey(Refusing, webauthn.EditWebAuthnView):  # type: ignore[misc]
    success_url = reverse_lazy("security")


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = reverse_lazy("security")

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)
        messages.success(self.request, gettext("The passkey is removed."))
        return answer


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """GET by script: what to ask the browser for. POST: what it answered."""

    def form_invalid(self, form: Any) -> HttpResponseBase:
        accounts.note("sign-in.refused", self.request, details={"by": ["webauthn"]})
        messages.error(self.request, gettext("That passkey opens nothing here."))
        return redirect("account_login")


second_step = SecondStep.as_view()
confirm = ConfirmByPassword.as_view()
confirm_by_code = ConfirmByCode.as_view()
confirm_by_passkey = ConfirmByPasskey.as_view()
# What is shown on these is kept by no browser.
add_app = never_cache(AddApp.as_view())
remove_app = RemoveApp.as_view()
add_passkey = AddPasskey.as_view()
name_passkey = NamePasskey.as_view()
remove_passkey = RemovePasskey.as_view()
sign_in_by_passkey = SignInByPasskey.as_view()
codes = never_cache(recovery_codes.view_recovery_codes)
new_codes = recovery_codes.generate_recovery_codes
