"""The gap filler in words: the freed slot, and why each lead fits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import consequences
from bookingapp.domain.fitting import Fit
from bookingapp.domain.gaps import Gap, Standing
from bookingapp.domain.models import Booking, Lead, Organisation
from bookingapp.web.presenters import consequence, grid_words, moments
from bookingapp.web.presenters.sentences import Told

STANDINGS: dict[Standing, Told] = {
    Standing.STANDS: Told(
        _("This booking still stands."),
        _("Its slot can be given to somebody else once the cancel or the move is done."),
    ),
    Standing.PAST: Told(_("This time has passed.")),
    Standing.TAKEN: Told(
        _("This slot is not free any more."), _("Somebody else has it, or it is not offered.")
    ),
    Standing.UNSEEN: Told(
        _("Availability cannot be read right now."),
        _("So nobody can say whether the slot is still free; nothing is offered until then."),
        _("Look again in a moment."),
    ),
}
NOTES: dict[str, Told] = {
    "slot_gone": Told(
        _("The slot was taken in the meantime, or is no longer offered."),
        _("Nothing was asked for."),
    ),
    "changed": Told(
        _("What this lead has booked has changed in the meantime."),
        _("Nothing was asked for. Below is how it stands now."),
    ),
    "already_booked": Told(
        _("This lead already has a booking at this time."), _("Nothing was asked for.")
    ),
    "connect_id": Told(
        _("The id of the later booking at Connect is not known, so it cannot be moved."),
        _("Nothing was asked for."),
        _("Open that booking and add its id."),
    ),
    "not_created": Told(
        _("This lead could not be created at Connect, so nothing can be booked for it."),
        _("Nothing was asked for."),
    ),
    "not_accepted": Told(_("This could not be asked for."), _("Nothing was sent.")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One lead that fits. ``key`` is the digit that books it."""

    key: int
    lead: Lead
    why: list[str]
    later: str = ""
    move_pk: UUID | None = None
    intent: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Freed:
    """The slot that was freed."""

    when: str
    whom: str
    what: str


def freed(booking: Booking) -> Freed:
    zone = moments.zone_of(booking.calendar.zone)
    return Freed(
        when=moments.spoken(booking.starts_at, booking.ends_at, zone),
        whom=str(booking.resource),
        what=f"{booking.appointment_type} · {booking.calendar}",
    )


def grid_address(slug: str, gap: Gap) -> str:
    """The slot in the grid, to book it for anybody else."""
    booking = gap.booking
    zone = moments.zone_of(booking.calendar.zone)
    query = {
        "calendar": booking.calendar_id,
        "type": booking.appointment_type_id,
        "resource": booking.resource_id,
        "date": booking.starts_at.astimezone(zone).date().isoformat(),
        "slot": str(gap.ref),
    }
    return f"{reverse('availability', kwargs={'slug': slug})}?{urlencode(query)}"


def rows(fits: Iterable[Fit], booking: Booking) -> list[Row]:
    zone = moments.zone_of(booking.calendar.zone)
    return [_row(key, fit, booking, zone) for key, fit in enumerate(fits, start=1)]


def lines(found: Iterable[Row], organisation: Organisation) -> list[str]:
    """What pressing a key sets off at RocketLead: for a booking, and for a move where there is one.

    A move may touch the lead's state; of several rows the one with the most events is told.
    """
    known = list(found)
    told = []
    if any(row.move_pk is None for row in known):
        line = consequence.line(consequences.of_booking(new_lead=False))
        told.append(gettext("Book: {line}").format(line=line))
    moves = [consequences.of_reschedule(organisation, row.lead) for row in known if row.move_pk]
    if moves:
        line = consequence.line(max(moves, key=lambda one: one.now))
        told.append(gettext("Move here: {line}").format(line=line))
    return told


def _row(key: int, fit: Fit, booking: Booking, zone: ZoneInfo) -> Row:
    later = moments.dated(fit.later.starts_at, zone) if fit.later else ""
    why = list(_why(fit, booking, zone))
    return Row(key, fit.lead, why, later, fit.later.pk if fit.later else None)


def _why(fit: Fit, booking: Booking, zone: ZoneInfo) -> Iterable[str]:
    if fit.mark is not None:
        days = grid_words.span(fit.mark.from_day, fit.mark.until_day)
        since = _day(fit.mark.created_at, zone)
        yield gettext("on the waiting list since {since}, for {days}").format(
            since=since, days=days
        )
    if fit.interested:
        name = booking.appointment_type.name or booking.appointment_type.connect_id
        yield gettext("interested in {type}").format(type=name)
    if fit.due and fit.lead.follow_up_at is not None:
        day = _day(fit.lead.follow_up_at, zone)
        yield gettext("follow-up due since {day}").format(day=day)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return grid_words.day(at.astimezone(zone).date())
