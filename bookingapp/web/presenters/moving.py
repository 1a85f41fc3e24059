"""A booking that looks for another time: what it is, where, and what stands in the way of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Booking, Lead, Write
from bookingapp.domain.models.booking import Gone
from bookingapp.domain.states import Kind
from bookingapp.web.presenters import moments
from bookingapp.web.presenters.grid import WEEK
from bookingapp.web.presenters.sentences import Told


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the booking cannot be moved, and the page that says more."""

    told: Told
    url: str
    label: str


@dataclass(frozen=True)
class Moving:
    """``change`` is a write that is changing the booking already; relations are at hand."""

    slug: str
    booking: Booking
    change: Write | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        return moments.zone_of(self.booking.calendar.zone)

    @property
    def who(self) -> str:
        return name_of(self.booking.lead)

    @property
    def whom(self) -> str:
        return self.booking.resource.name or self.booking.resource.connect_id

    @property
    def when(self) -> str:
        return short(self.booking.starts_at, self.zone)

    @property
    def keep_url(self) -> str:
        return page_of(self.slug, self.booking.pk)

    @property
    def stamp(self) -> str:
        """Changes with what the grid says about it."""
        change = f"{self.change.pk}.{self.change.version}" if self.change else ""
        return f"{self.booking.pk}.{self.booking.gone_as}.{change}"

    @cached_property
    def obstacle(self) -> Obstacle | None:
        if self.booking.gone_at is not None:
            return _gone(self)
        if self.change is not None:
            return _being_changed(self, self.change)
        return None if self.booking.connect_id else _nameless(self)


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


def name_of(lead: Lead | None) -> str:
    """Its name, or what else is known of it."""
    nameless = gettext("a lead without a name")
    return lead.name or lead.phone or lead.email or nameless if lead else nameless


def what_of(write: Write) -> str:
    """Whose booking a write moves, and to when."""
    zone = moments.zone_of(str(write.payload.get("zone", "")))
    return f"{name_of(write.lead)}, {short(booking_slot.chosen(write)[0].starts_at, zone)}"


def page_of(slug: str, pk: object) -> str:
    """The page of a booking or of a write."""
    return reverse("booking-detail", kwargs={"slug": slug, "pk": pk})


def short(at: datetime, zone: ZoneInfo) -> str:
    """ "Tue 24 Nov, 14:30", for a line that holds two of them."""
    day = pgettext("day in a move (Django date letters)", "D j M")
    return f"{dateformat.format(at.astimezone(zone), day)}, {moments.hour(at, zone)}"


def from_to(old: datetime, new: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Both ends of a move, as short as they can be without a doubt."""
    there, then = old.astimezone(zone), new.astimezone(zone)
    if there.year != then.year:
        return moments.dated(old, zone), moments.dated(new, zone)
    return short(old, zone), short(new, zone)


def _gone(moving: Moving) -> Obstacle:
    booking = moving.booking
    if booking.gone_as == Gone.MOVED and booking.moved_to:
        when = short(booking.moved_to.starts_at, moving.zone)
        happened = gettext("This booking was moved to {when} in the meantime.").format(when=when)
        url = page_of(moving.slug, booking.moved_to_id)
        return Obstacle(Told(happened), url, gettext("Page of the new booking"))
    happened = gettext("This booking was cancelled in the meantime.")
    return Obstacle(Told(happened), moving.keep_url, gettext("Page of this booking"))


def _being_changed(moving: Moving, change: Write) -> Obstacle:
    name = change.person.get_full_name() or change.person.get_username()
    if change.kind == Kind.RESCHEDULE:
        to = short(booking_slot.chosen(change)[0].starts_at, moving.zone)
        shape = gettext("{name} is already moving this booking to {when}.")
        happened = shape.format(name=name, when=to)
    else:
        happened = gettext("{name} is already cancelling this booking.").format(name=name)
    told = Told(happened, gettext("Only one change at a time is sent."))
    return Obstacle(told, page_of(moving.slug, change.pk), gettext("See how that stands"))


def _nameless(moving: Moving) -> Obstacle:
    told = Told(
        gettext("The id of this booking at RocketLead is not known here."),
        can=gettext("Write it down on the page of the booking, then it can be moved."),
    )
    return Obstacle(told, moving.keep_url, gettext("Page of this booking"))
