"""On the page of a booking: ``{% waiting_mark booking %}`` and ``{% gap_filler story %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from bookingapp.domain.models import Booking
from bookingapp.domain.stories import Story
from bookingapp.web.presenters import moments
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
def gap_filler(story: Story) -> dict[str, Any]:
    """Who could have the slot that a story has freed last, while its time is still to come."""
    now = timezone.now()
    gone = [one for one in story.chain if one.gone_at and one.starts_at > now]
    if not gone:
        return {}
    booking = gone[-1]
    # After a move somebody looks at the new time; the old place is one key away.
    return {
        "booking": booking,
        "slug": booking.organisation.slug,
        "at_once": booking == story.booking and story.open is None,
        "was": moments.dated(booking.starts_at, moments.zone_of(booking.calendar.zone)),
    }
