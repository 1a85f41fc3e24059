"""Which bookings and open writes a list asks for, as conditions on rows. Design law 14: each
question starts from one organisation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from bookingapp.domain import availability, catalogue, leads
from bookingapp.domain.models import Calendar, Organisation
from bookingapp.domain.states import UNFINISHED, Kind, Reason, State

DAY = timedelta(days=1)
UTC_NAME = "UTC"
# No appointment goes on for longer; one that says so is past.
LONGEST = timedelta(days=31)
# What an open end of a range of days means; far from where dates end.
_EARLIEST, _LATEST = date(2000, 1, 2), date(2200, 12, 30)


class Tab(StrEnum):
    """The parts of the list. A booking that was moved is in none: its new place is."""

    TODAY = "today"
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"
    OPEN = "open"


# What a booking's life is made of; "open" is about these.
KINDS = (Kind.BOOK, Kind.RESCHEDULE, Kind.CANCEL)
OPEN = Q(kind__in=KINDS) & (
    Q(state__in=UNFINISHED)
    | Q(state=State.REFUSED, seen_at=None)
    | Q(reason=Reason.SECOND_ANSWER, seen_at=None)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person asked for. ``first`` and ``last`` are local days of each booking's calendar;
    they say nothing about "today" and "open". ``text`` as in the search for leads.
    """

    tab: Tab = Tab.UPCOMING
    calendar: int | None = None
    resource: int | None = None
    type: int | None = None
    lead: UUID | None = None
    person: int | None = None
    text: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def searches(self) -> bool:
        """Whether it looks for somebody, in whichever part of the list they may be."""
        return bool(self.text or self.lead)

    @property
    def has_days(self) -> bool:
        return self.tab in {Tab.UPCOMING, Tab.PAST, Tab.CANCELLED}


def of_bookings(organisation: Organisation, asked: Filter) -> Q:
    """All but the tab and the days."""
    exact = {
        "calendar": asked.calendar,
        "resource": asked.resource,
        "appointment_type": asked.type,
        "lead": asked.lead,
        "booked_by": asked.person,
    }
    wanted = Q(organisation=organisation)
    wanted &= Q(**{name: value for name, value in exact.items() if value is not None})
    if asked.text:
        wanted &= Q(lead__in=leads.found_by(organisation, asked.text))
    return wanted


def of_tab(organisation: Organisation, tab: Tab, now: datetime) -> Q:
    """The bookings of a tab. One that is going on is still to come until it ends."""
    stands = Q(gone_at=None)
    if tab == Tab.CANCELLED:
        return Q(gone_as__in=["cancelled", "elsewhere"], gone_at__isnull=False)
    if tab == Tab.TODAY:
        return stands & _local_days(organisation, now=now)
    # The bound on the start is what the index of days can use.
    earliest = now - LONGEST
    if tab == Tab.PAST:
        return stands & Q(starts_at__lte=now) & (Q(ends_at__lte=now) | Q(starts_at__lte=earliest))
    return stands & Q(ends_at__gt=now, starts_at__gt=earliest)


def of_days(organisation: Organisation, asked: Filter) -> Q:
    if not asked.has_days or not (asked.first or asked.last):
        return Q()
    return _local_days(organisation, first=asked.first, last=asked.last)


def of_open(organisation: Organisation, asked: Filter) -> Q:
    """The open writes. A move is found at the calendar and resource it leaves and goes to."""
    snapshot = offered(organisation)
    wanted = Q(organisation=organisation) & OPEN
    if asked.calendar is not None:
        wanted &= _place("calendar", asked.calendar, "calendar_id", snapshot.calendar)
    if asked.type is not None:
        wanted &= _place("appointment_type", asked.type, "type_id", snapshot.type)
    if asked.resource is not None:
        within = "slot__slot__resourceId"
        wanted &= _place("resource", asked.resource, within, snapshot.resource)
    exact = {"lead": asked.lead, "person": asked.person}
    wanted &= Q(**{name: value for name, value in exact.items() if value is not None})
    if asked.text:
        wanted &= Q(lead__in=leads.found_by(organisation, asked.text))
    return wanted


def offered(organisation: Organisation) -> catalogue.Snapshot:
    """What Connect offers, as far as we know it: a list never waits for the first answer."""
    if organisation.catalogue_at is None:
        return catalogue.Snapshot(organisation.catalogue_version, is_known=False)
    return catalogue.snapshot(organisation)


def day_span(zone: str, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants (UTC) at which local days begin and end; UTC days where the zone is unknown."""
    try:
        return availability.midnight(zone, first), availability.midnight(zone, last + DAY)
    except availability.NoZone:
        return availability.midnight(UTC_NAME, first), availability.midnight(UTC_NAME, last + DAY)


def zones(organisation: Organisation) -> frozenset[str]:
    """All zones of the organisation's calendars, those that Connect no longer lists included."""
    return frozenset(_calendars(organisation.pk, organisation.catalogue_version))


def usual_zone(organisation: Organisation) -> str:
    """The zone of most of the organisation's calendars, of equals the first by name; else UTC."""
    known = _calendars(organisation.pk, organisation.catalogue_version)
    named = sorted((zone for zone in known if zone), key=lambda zone: (-len(known[zone]), zone))
    return named[0] if named else UTC_NAME


@lru_cache(maxsize=512)
def _calendars(organisation_id: UUID, _version: int) -> dict[str, list[int]]:
    """Keys of calendars by zone, of one version of the catalogue: every list asks for them."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = Calendar.objects.filter(organisation=organisation_id).values_list("zone", "pk")
    for zone, pk in rows:
        found[zone].append(pk)
    return dict(found)


def _local_days(
    organisation: Organisation,
    *,
    now: datetime | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Q:
    """Bookings that begin on these days of their own calendar; with ``now`` on its today."""
    wanted, begins, ends = Q(pk__in=[]), [], []
    for zone, calendars in _calendars(organisation.pk, organisation.catalogue_version).items():
        today = local_day(zone, now) if now else None
        start, end = day_span(zone, today or first or _EARLIEST, today or last or _LATEST)
        wanted |= Q(calendar__in=calendars, starts_at__gte=start, starts_at__lt=end)
        begins.append(start)
        ends.append(end)
    if begins:
        # Implied by the rest, and the one condition that the index of days can use.
        wanted &= Q(starts_at__gte=min(begins), starts_at__lt=max(ends))
    return wanted


def local_day(zone: str, now: datetime) -> date:
    try:
        return availability.local_day(zone, now)
    except availability.NoZone:
        return availability.local_day(UTC_NAME, now)


def _place(field: str, pk: int, key: str, look_up: Any) -> Q:
    """By the booking that is changed, or by Connect's id in what is asked for."""
    wanted = Q(**{f"about__{field}": pk})
    item = look_up(pk)
    return wanted | Q(**{f"payload__{key}": item.connect_id}) if item else wanted
