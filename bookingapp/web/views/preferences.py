"""What a person has chosen for themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from bookingapp.domain import undo
from bookingapp.domain.models.person import LONGEST_UNDO_SECONDS

PAGE = "preferences/page.html"


class PreferencesForm(forms.Form):
    undo_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to undo"),
        min_value=0,
        max_value=LONGEST_UNDO_SECONDS,
        error_messages={
            "required": gettext_lazy("Give a number from 0 to 60."),
            "invalid": gettext_lazy("Give a number from 0 to 60."),
            "min_value": gettext_lazy("Give a number from 0 to 60."),
            "max_value": gettext_lazy("Give a number from 0 to 60."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """For every signed-in person, whatever their organisations."""
    person: Any = request.user
    form = PreferencesForm(request.POST or None, initial={"undo_seconds": undo.window_of(person)})
    if request.method != "POST" or not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)
    undo.choose_window(person, form.cleaned_data["undo_seconds"])
    messages.success(request, gettext("Saved."))
    return redirect("preferences")
