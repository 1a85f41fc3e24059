"""The page of one day of one calendar, for the front desk."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from bookingapp.web.http import StaffRequest, desk_view


@require_safe
@desk_view("staff")
def page(request: StaffRequest) -> HttpResponseBase:
    """All bookings of a local day, by time."""
    return HttpResponse(request.organisation.name)
