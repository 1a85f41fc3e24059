"""Booking again what was cancelled: a new booking with a new id."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookingapp.domain.models import Booking
from bookingapp.web.http import StaffRequest, desk_view


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def again(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    if not Booking.objects.filter(organisation=request.organisation, pk=pk).exists():
        raise Http404
    return redirect("booking-detail", slug=request.organisation.slug, pk=pk)
