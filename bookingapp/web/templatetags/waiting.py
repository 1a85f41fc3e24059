"""``{% waiting_mark booking %}``: the waiting list on the page of a booking. One query."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from bookingapp.domain.models import Booking
from bookingapp.web.views import waiting_part

register = template.Library()


@register.inclusion_tag("waiting/mark.html", takes_context=True)
def waiting_mark(context: Context, booking: Booking | None) -> dict[str, Any]:
    """Nothing for a booking that has none to wait for: gone, begun, or of nobody we know."""
    now = timezone.now()
    shared = {"csrf_token": context.get("csrf_token")}
    if booking is None or booking.gone_at or booking.starts_at <= now or not booking.lead_id:
        return shared
    return shared | waiting_part.of_booking(booking, now=now)
