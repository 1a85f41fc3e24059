"""Moving a booking to another time: into the grid's moving mode, and asking for the move."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from bookingapp.domain.models import Booking
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import moving


@require_safe
@desk_view("staff")
def move(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """To the week of the booking, in moving mode."""
    rows = Booking.objects.filter(organisation=request.organisation)
    booking = get_object_or_404(rows.select_related("calendar"), pk=pk)
    return redirect(moving.grid_address(request.organisation.slug, booking))
