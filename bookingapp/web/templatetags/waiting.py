"""On the page of a booking: ``{% waiting_mark booking %}`` and ``{% gap_filler booking %}``."""

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
    """Nothing for one that is gone, has begun, or is of nobody we know. One query."""
    now = timezone.now()
    shared = {"csrf_token": context.get("csrf_token")}
    if booking is None or booking.gone_at or booking.starts_at <= now or not booking.lead_id:
        return shared
    return shared | waiting_part.of_booking(booking, now=now)


@register.inclusion_tag("gaps/link.html")
def gap_filler(booking: Booking | None) -> dict[str, Any]:
    """Who could have the slot of a booking that is gone; nothing while it stands or once begun."""
    if booking is None or booking.gone_at is None or booking.starts_at <= timezone.now():
        return {}
    return {"booking": booking, "slug": booking.organisation.slug}
