"""A booking that looks for another time: where its grid is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from bookingapp.domain.models import Booking
from bookingapp.web.presenters import moments
from bookingapp.web.presenters.grid import WEEK


def grid_address(slug: str, booking: Booking) -> str:
    """The grid in moving mode: who has it, in its week."""
    zone = moments.zone_of(booking.calendar.zone)
    query = {
        "calendar": booking.calendar_id,
        "type": booking.appointment_type_id,
        "resource": booking.resource_id,
        "view": WEEK,
        "date": booking.starts_at.astimezone(zone).date().isoformat(),
        "moving": str(booking.pk),
    }
    return f"{reverse('availability', kwargs={'slug': slug})}?{urlencode(query)}"
