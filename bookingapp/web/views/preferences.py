"""What a person has chosen for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bookingapp.domain import audit
from bookingapp.domain.models import Preference
from bookingapp.web import personal
from bookingapp.web.forms.preferences import PreferencesForm

PAGE = "preferences/page.html"
FIELDS = ("language", "time_zone", "undo_seconds", "theme", "shortcuts")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """For every signed-in person, whatever their organisations. What is not sent stays."""
    before = _values(personal.of(request))
    form = PreferencesForm(request.POST or None, initial=before)
    if request.method != "POST" or not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)
    after = {field: form.cleaned_data[field] for field in FIELDS if field in request.POST}
    _save(request, before, after)
    chosen = after.get("language") or ""
    # Said on the page that comes next, which speaks the new language.
    with translation.override(chosen or translation.get_language()):
        messages.success(request, gettext("Saved."))
    response = redirect("preferences")
    if chosen:
        _remember(response, chosen)
    return response


def _values(chosen: Preference) -> dict[str, Any]:
    return {field: getattr(chosen, field) for field in FIELDS}


@transaction.atomic
def _save(request: HttpRequest, before: dict[str, Any], after: dict[str, Any]) -> None:
    """With what is another now on record."""
    person: Any = request.user
    Preference.objects.update_or_create(person=person, defaults=after)
    changed = [field for field in after if before[field] != after[field]]
    if changed:
        audit.record(
            "preferences.changed",
            at=timezone.now(),
            person=person,
            details={"fields": changed},
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )


def _remember(response: HttpResponseBase, language: str) -> None:
    """The sign-in page of this browser speaks it as well."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
