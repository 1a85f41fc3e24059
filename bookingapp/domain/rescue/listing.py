"""Beginning a rescue: which bookings of a resource must go elsewhere, as far as we know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bookingapp.domain.availability import midnight
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import (
    Booking,
    Calendar,
    Organisation,
    Rescue,
    RescueRow,
    Resource,
    Write,
)
from bookingapp.domain.rescue.rows import rows_of
from bookingapp.domain.states import TERMINAL

# A longer absence is several rescues: each must fit one morning on the phone.
MOST_DAYS = 31
MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is not there, and on which local days of the calendar, both included."""

    intent: UUID
    calendar_pk: int
    resource_pk: int
    from_day: date
    until_day: date


def begin(
    organisation: Organisation, person: Any, asked: Asked, *, now: datetime
) -> tuple[Rescue, bool]:
    """The rescue of this intent with its rows, and whether it is new. Nothing is proposed yet.

    Raises Invalid: until_day "before_start", "too_long" or "too_many", resource "nothing_booked",
    or calendar and resource "required" when there is no such one. Raises availability.NoZone.
    """
    known = Rescue.objects.filter(organisation=organisation, pk=asked.intent).first()
    if known:
        return known, False
    rescue = _rescue(organisation, person, asked, now=now)
    number = bookings_of(rescue, now=now).count()
    if not number:
        raise Invalid({"resource": "nothing_booked"})
    if number > MOST_ROWS:
        raise Invalid({"until_day": "too_many"})
    try:
        with transaction.atomic():
            rescue.save(force_insert=True)
            add_rows(rescue, now=now)
    except IntegrityError:
        # The same form at the same moment; or an intent that was never ours.
        known = Rescue.objects.filter(organisation=organisation, pk=asked.intent).first()
        if known is None:
            raise Invalid({"intent": "unreadable"}) from None
        return known, False
    return rescue, True


def add_rows(rescue: Rescue, *, now: datetime) -> int:
    """A row for every booking that has none yet; how many those are."""
    # What was put back has its row already, under another key.
    rows_of(rescue)
    rows = [RescueRow(rescue=rescue, booking=one) for one in unlisted(rescue, now=now)]
    return len(RescueRow.objects.bulk_create(rows, ignore_conflicts=True))


def unlisted(rescue: Rescue, *, now: datetime) -> QuerySet[Booking]:
    """What came in since the rows were made."""
    return bookings_of(rescue, now=now).exclude(pk__in=rescue.rows.values("booking"))


def elsewhere(rescue: Rescue, *, now: datetime) -> list[str]:
    """The other calendars in which the resource has bookings on those days, by name."""
    there = _standing(rescue, now=now).exclude(calendar=rescue.calendar)
    names = there.order_by("calendar__name").values_list("calendar__name", flat=True)
    return list(names.distinct())


def bookings_of(rescue: Rescue, *, now: datetime) -> QuerySet[Booking]:
    """Those of the calendar that nobody is changing."""
    changing = Write.objects.exclude(state__in=TERMINAL).filter(about__isnull=False)
    found = _standing(rescue, now=now).filter(calendar=rescue.calendar)
    return found.exclude(pk__in=changing.values("about")).order_by("starts_at", "pk")


def _standing(rescue: Rescue, *, now: datetime) -> QuerySet[Booking]:
    zone = rescue.calendar.zone
    starts_at = midnight(zone, rescue.from_day)
    ends_at = midnight(zone, rescue.until_day + timedelta(days=1))
    return Booking.objects.filter(
        organisation=rescue.organisation,
        resource=rescue.resource,
        gone_at=None,
        starts_at__gte=max(starts_at, now),
        starts_at__lt=ends_at,
    )


def _rescue(organisation: Organisation, person: Any, asked: Asked, *, now: datetime) -> Rescue:
    ours = {"organisation": organisation}
    calendar = Calendar.objects.filter(**ours, pk=asked.calendar_pk).first()
    resource = Resource.objects.filter(**ours, pk=asked.resource_pk).first()
    if calendar is None:
        raise Invalid({"calendar": "required"})
    if resource is None:
        raise Invalid({"resource": "required"})
    if asked.until_day < asked.from_day:
        raise Invalid({"until_day": "before_start"})
    if asked.until_day - asked.from_day >= timedelta(days=MOST_DAYS):
        raise Invalid({"until_day": "too_long"})
    return Rescue(
        id=asked.intent,
        organisation=organisation,
        person=person,
        calendar=calendar,
        resource=resource,
        from_day=asked.from_day,
        until_day=asked.until_day,
        created_at=now,
    )
