"""Moving a lead to another state of its pool."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bookingapp.domain.models import Lead
from bookingapp.web.http import StaffRequest, desk_view


@require_POST
@desk_view("staff")
def state(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    if not Lead.objects.filter(organisation=request.organisation, pk=pk).exists():
        raise Http404
    return redirect("booking-list", slug=request.organisation.slug)
