"""Connecting a further organisation: only for the owner of the installation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookingapp.domain import connecting, practice
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation
from bookingapp.web import http
from bookingapp.web.forms.organisation import NewOrganisationForm

PAGE = "organisations/new.html"


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@http.owner_view
def new(request: HttpRequest) -> HttpResponseBase:
    """Name, address and token are tried; what answers becomes an organisation of theirs."""
    made, form = connected(request)
    if made is not None:
        return redirect(f"{_settings(made)}#use")
    return _shown(request, form)


def connected(request: HttpRequest) -> tuple[Organisation | None, NewOrganisationForm]:
    """What the form of a POST asks for: the organisation, or the form that says what is wrong."""
    person: Any = request.user
    form = NewOrganisationForm(request.POST or None)
    if request.method != "POST":
        return None, form
    now = timezone.now()
    try:
        if request.POST.get("act") == "practice" and (known := practice.sandbox()):
            return practice.join(known, person=person, now=now), form
        if form.is_valid():
            return connecting.found(form.new, person=person, now=now), form
    except Invalid as error:
        form.is_valid()
        form.tell(error)
    return None, form


def _settings(organisation: Organisation) -> str:
    return reverse("settings", kwargs={"slug": organisation.slug})


def _shown(request: HttpRequest, form: NewOrganisationForm) -> HttpResponse:
    context = {"form": form, "can_practise": practice.is_offered()}
    return render(request, PAGE, context, status=422 if form.is_bound else 200)
