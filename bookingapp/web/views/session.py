"""Sign-in and the choice of language."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from bookingapp.domain.models import Preference
from bookingapp.web import openid


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    """allauth's sign-in, whose refusals have a status of their own."""

    def form_invalid(self, form: Any) -> HttpResponseBase:
        locked = any(error.code == "too_many_login_attempts" for error in _errors(form))
        response: HttpResponseBase = super().form_invalid(form)
        response.status_code = 429 if locked else 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        provider = openid.provider_of(self.request)
        return context | {"provider_name": provider.name if provider else ""}


def _errors(form: Any) -> list[Any]:
    return list(form.non_field_errors().as_data())


sign_in = SignInView.as_view()


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie, with who is signed in, and go back: to this host only."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        Preference.objects.update_or_create(person=request.user, defaults={"language": chosen})
    return set_language(request)
