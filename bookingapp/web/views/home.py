"""The first page: straight to the desk, or the choice of an organisation."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bookingapp.web import http


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Nobody is asked which organisation when there is only one."""
    places = http.memberships(request)
    if len(places) == 1:
        return cast("HttpResponse", redirect("availability", slug=places[0].organisation.slug))
    return render(request, "home.html", {"places": places})
