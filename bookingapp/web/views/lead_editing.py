"""Changing what is known of a lead."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import lead_page


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def edit(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    lead = lead_page.found(request, pk)
    return redirect("lead-detail", slug=request.organisation.slug, pk=lead.pk)
