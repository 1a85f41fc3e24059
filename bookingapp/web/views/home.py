"""The first page: straight to the desk, or the choice of an organisation."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bookingapp.domain import first_run
from bookingapp.web import htmx, http


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Nobody is asked which organisation when there is only one.

    An installation that nobody has an account of leads its first admin through; so does one
    without an organisation lead its owner.
    """
    if not request.user.is_authenticated:
        if first_run.is_empty():
            return redirect("welcome")
        is_part = bool(getattr(request, "htmx", None))
        return htmx.to_sign_in(request) if is_part else redirect_to_login(request.get_full_path())
    places = http.memberships(request)
    if not places and first_run.is_owner(request.user):
        return cast("HttpResponse", redirect("welcome"))
    if len(places) == 1:
        return cast("HttpResponse", redirect("availability", slug=places[0].organisation.slug))
    context = {"places": places, "is_owner": first_run.is_owner(request.user)}
    return render(request, "home.html", context)
