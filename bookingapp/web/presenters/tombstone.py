"""All that is known of a booking, as names and values; and of one that is gone: who, when, why.

Connect deletes for good, so what stands here is all there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from bookingapp.domain.models import Booking, Gone
from bookingapp.web.presenters import cancel_words, moments

Fact = tuple[str, str]
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tombstone:
    """How it came to an end; texts may be empty where nobody knows."""

    at: str
    who: str
    why: str


def tombstone_of(booking: Booking, zone: ZoneInfo) -> Tombstone:
    """Of a booking with ``gone_at``; needs the write that ended it and its person at hand."""
    ended_by = booking.gone_by
    payload: dict[str, Any] = ended_by.payload if ended_by else {}
    return Tombstone(
        at=moments.dated(booking.gone_at, zone) if booking.gone_at else "",
        who=name_of(ended_by.person) if ended_by else _elsewhere(booking),
        why=cancel_words.spoken(payload) or cancel_words.label(booking.gone_reason),
    )


def _elsewhere(booking: Booking) -> str:
    told = gettext("somebody in RocketLead, or one of its flows")
    return told if booking.gone_as == Gone.ELSEWHERE else ""


def facts_of(booking: Booking, zone: ZoneInfo) -> list[Fact]:
    """Of any booking; needs its calendar, type, resource and who asked for it at hand."""
    return [(name, value[:LONGEST]) for name, value in _facts(booking, zone) if value]


def name_of(person: Any) -> str:
    return str(person.get_full_name() or person.get_username()) if person else ""


def _facts(booking: Booking, zone: ZoneInfo) -> Iterator[Fact]:
    yield gettext("With"), booking.resource.name
    yield gettext("Appointment type"), booking.appointment_type.name
    yield gettext("Calendar"), booking.calendar.name
    yield pgettext("of a booking", "Label"), _label(booking)
    if booking.write_id is None:
        yield gettext("Known from"), _told(booking, zone)
        return
    yield gettext("Asked for by"), name_of(booking.booked_by)
    yield gettext("Confirmed by Connect"), moments.dated(booking.booked_at, zone)


def _told(booking: Booking, zone: ZoneInfo) -> str:
    at = moments.dated(booking.booked_at, zone)
    return gettext("RocketLead, which told us of it ({at})").format(at=at)


def _label(booking: Booking) -> str:
    asked = booking.write.payload.get("name") if booking.write else ""
    return str(booking.told.get("name") or asked or "")
