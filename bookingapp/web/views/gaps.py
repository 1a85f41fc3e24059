"""The gap filler: who fits a slot that a cancel or a move has freed, one key to book each."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookingapp.domain import changes
from bookingapp.web.http import StaffRequest, desk_view


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def gap(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Who fits the slot of the gone booking ``pk``."""
    try:
        booking = changes.find(request.organisation, pk)
    except changes.NoSuchBooking:
        raise Http404 from None
    return render(request, "gaps/page.html", {"booking": booking})
