"""What was done to an appointment in RocketLead, by nobody here: its lines of the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext

from bookingapp.domain.models import Booking, Gone
from bookingapp.web.presenters import moments, sentences
from bookingapp.web.presenters.timeline import Entry, Reader


def entries(chain: Iterable[Booking], reader: Reader) -> Iterator[Entry]:
    """``chain``: the bookings it was, oldest first."""
    for booking in chain:
        if booking.write_id is None:
            title = gettext("RocketLead told us of this appointment")
            yield _entry(booking.booked_at, "good", "check", title, reader)
        if booking.gone_at is not None and booking.gone_as == Gone.ELSEWHERE:
            title = str(sentences.DONE_WORDS["elsewhere"])
            yield _entry(booking.gone_at, "quiet", "cross", title, reader)


def _entry(instant: datetime, tone: str, icon: str, title: str, reader: Reader) -> Entry:
    at = moments.stamp(instant, reader.zone, near=reader.now)
    return Entry(instant, tone, icon, title, at=at)
