"""A new lead: asked for once, after whoever may be the same person has been shown."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.web.http import StaffRequest, desk_view


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def new(request: StaffRequest) -> HttpResponseBase:
    """GET: the form. POST: asks Connect to create the lead."""
    return redirect("booking-list", slug=request.organisation.slug)


@require_safe
@desk_view("staff")
def same(request: StaffRequest) -> HttpResponseBase:
    """Who has this phone or email already, while somebody types."""
    return redirect("lead-new", slug=request.organisation.slug)
