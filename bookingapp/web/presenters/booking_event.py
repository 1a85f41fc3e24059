"""A booking as an event of a calendar file. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bookingapp.domain.booking_lineage import Lineage
from bookingapp.domain.models import Booking
from bookingapp.web.presenters import booking_row
from bookingapp.web.presenters.calendar_file import Event


def of(booking: Booking, lineage: Lineage) -> Event:
    """The event keeps its name through every move, so that a calendar moves it too."""
    lead, is_gone = booking.lead, booking.gone_at is not None
    name = (lead.name or lead.phone or lead.email) if lead else ""
    title = " – ".join(part for part in (name, booking.appointment_type.name) if part)
    return Event(
        uid=str(lineage.first),
        sequence=lineage.moves * 2 + is_gone,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        made_at=booking.booked_at,
        changed_at=booking.gone_at or booking.booked_at,
        summary=title or _("a lead without a name"),
        description="\n".join(_told(booking)),
        location=booking.calendar.name,
        category=booking.appointment_type.name,
        is_cancelled=is_gone,
    )


def _told(booking: Booking) -> Iterator[str]:
    lead = booking.lead
    told = {
        _("With"): booking.resource.name,
        _("Phone"): lead.phone if lead else "",
        _("Email"): lead.email if lead else "",
        _("Made by"): booking_row.person_name(booking.booked_by),
        _("Reason"): booking_row.ended_because(booking),
    }
    yield from (f"{name}: {value}" for name, value in told.items() if value)
