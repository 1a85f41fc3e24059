"""How somebody signs in: their password, second factors, and the provider they linked."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain.people import proofs
from bookingapp.web import accounts, openid

PAGE = "me/security.html"
PASSWORD_PAGE = "account/password_change.html"


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """Everything that lets somebody in, and where to change it."""
    person: Any = request.user
    known = list(Authenticator.objects.filter(user_id=person.pk).order_by("created_at"))
    codes = next((one for one in known if one.type == Authenticator.Type.RECOVERY_CODES), None)
    provider = openid.provider_of(request)
    context = {
        "app": next((one for one in known if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in known if one.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_password": person.has_usable_password(),
        "provider_name": provider.name if provider else "",
        "links": openid.links_of(person, provider) if provider else (),
        "email_is_confirmed": bool(provider) and proofs.is_proven(person),
    }
    return render(request, PAGE, context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """A new password ends every other session. It needs the present one, where there is one."""
    person: Any = request.user
    form_class: type[Any] = PasswordChangeForm
    if not person.has_usable_password():
        raise_if_reauthentication_required(request, app="allauth.mfa")
        form_class = SetPasswordForm
    form = form_class(person, request.POST or None)
    status = 200
    if request.method == "POST":
        status = _try(request, form)
        if status == 302:
            return redirect("security")
    context = {"form": form, "rules": password_validators_help_texts()}
    return render(request, PASSWORD_PAGE, context, status=status)


def _try(request: HttpRequest, form: Any) -> int:
    """302 when it was changed, 422 when something is wrong, 429 after too many wrong ones."""
    usage = accounts.count_failure(request, form.user)
    if usage is None:
        form.cleaned_data = {}
        form.add_error(None, accounts.LOCKED)
        accounts.note("sign-in.locked", request, form.user)
        return 429
    if "old_password" not in form.errors:
        usage.rollback()
    if not form.is_valid():
        return 422
    form.save()
    update_session_auth_hash(request, form.user)
    UserSession.objects.create_from_request(request)
    accounts.note("password.changed", request, form.user)
    messages.success(request, gettext("Password changed. You are signed out everywhere else."))
    return 302
