"""Bookings as files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from bookingapp.web.http import StaffRequest, desk_view


@require_safe
@desk_view("manager")
def csv_file(request: StaffRequest) -> HttpResponseBase:
    """The whole filter result as CSV."""
    return HttpResponse(request.organisation.name)


@require_safe
@desk_view("manager")
def calendar_file(request: StaffRequest) -> HttpResponseBase:
    """The whole filter result as a calendar file."""
    return HttpResponse(request.organisation.name)


@require_safe
@desk_view("staff")
def event_file(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """One booking as a calendar file."""
    raise Http404
