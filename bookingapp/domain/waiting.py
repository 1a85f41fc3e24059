"""The waiting list: leads that would take an earlier slot of a type in a calendar.

A lead has at most one open mark per type and calendar; marking again changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from bookingapp.domain import audit, availability, catalogue
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Booking, Lead, Organisation, WaitingMark

LONGEST_NOTE = 200
LONGEST_RANGE = timedelta(days=366)
# How long what has ended stays on the page, and can be put back from there.
KEPT_DAYS = 7


class NoSuchMark(DomainError):
    """There is no such mark in this organisation."""

    code = "no_such_mark"


class AlreadyWaiting(DomainError):
    """The lead has another open mark for the same type and calendar."""

    code = "already_waiting"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish for a slot between two local days of the calendar, both included.

    ``booking`` is the later appointment that the lead would give up for it.
    """

    lead: Lead
    calendar_pk: int
    type_pk: int
    from_day: date
    until_day: date
    booking: Booking | None = None
    note: str = ""


def mark(
    organisation: Organisation, person: Any, wanted: Wanted, *, now: datetime
) -> tuple[WaitingMark, bool]:
    """The lead's open mark for the type and calendar as wanted now, and whether it is new.

    A changed one keeps its place in the list; one whose days are over begins anew. Raises Invalid.
    """
    today = _check(organisation, wanted, now=now)
    with transaction.atomic():
        # The row lock makes two tabs at once take turns, so the second finds the first's mark.
        Lead.objects.select_for_update().filter(pk=wanted.lead.pk).values_list("pk").first()
        found = open_marks(organisation).filter(
            lead=wanted.lead, calendar=wanted.calendar_pk, appointment_type=wanted.type_pk
        )
        known = found.first()
        is_new = known is None
        one = known or WaitingMark(
            organisation=organisation,
            lead=wanted.lead,
            calendar_id=wanted.calendar_pk,
            appointment_type_id=wanted.type_pk,
        )
        if known is None or known.until_day < today:
            one.created_at, one.created_by = now, person
        one.from_day, one.until_day = wanted.from_day, wanted.until_day
        one.booking, one.note = wanted.booking, wanted.note.strip()[:LONGEST_NOTE]
        one.save()
        _noted("marked" if is_new else "changed", one, person=person, now=now)
    return one, is_new


def end(organisation: Organisation, pk: UUID, *, person: Any, now: datetime) -> WaitingMark:
    """Take a mark off the list; one that has ended already stays as it ended. Raises NoSuchMark."""
    one = find(organisation, pk)
    ended = {"ended_at": now, "ended_as": WaitingMark.End.WITHDRAWN}
    with transaction.atomic():
        if open_marks(organisation).filter(pk=pk).update(**ended):
            _noted("ended", one, person=person, now=now)
    return find(organisation, pk)


def put_back(organisation: Organisation, pk: UUID, *, person: Any, now: datetime) -> WaitingMark:
    """Undo ``end``. Raises NoSuchMark, or AlreadyWaiting when the lead has a newer one."""
    one = find(organisation, pk)
    with transaction.atomic():
        Lead.objects.select_for_update().filter(pk=one.lead_id).values_list("pk").first()
        same = {"calendar": one.calendar_id, "appointment_type": one.appointment_type_id}
        if open_marks(organisation).filter(lead=one.lead_id, **same).exclude(pk=pk).exists():
            raise AlreadyWaiting
        withdrawn = WaitingMark.objects.filter(pk=pk, ended_as=WaitingMark.End.WITHDRAWN)
        if withdrawn.update(ended_at=None, ended_as=""):
            _noted("put_back", one, person=person, now=now)
    return find(organisation, pk)


def hand_over(lead: Lead, other: Lead) -> None:
    """``lead`` turned out to be ``other``, who now waits for both; of two open marks for the same
    the one of ``other`` stays.
    """
    place = ("calendar_id", "appointment_type_id")
    has = set(other.waiting_marks.filter(ended_at=None).values_list(*place))
    for pk, ended_at, *where in lead.waiting_marks.values_list("pk", "ended_at", *place):
        if ended_at is not None or tuple(where) not in has:
            WaitingMark.objects.filter(pk=pk).update(lead=other)


def find(organisation: Organisation, pk: UUID) -> WaitingMark:
    """Raises NoSuchMark."""
    one = _told(WaitingMark.objects.filter(organisation=organisation)).filter(pk=pk).first()
    if one is None:
        raise NoSuchMark
    return one


def open_marks(organisation: Organisation) -> QuerySet[WaitingMark]:
    """Those that have not ended, the longest waiting first; their days may be over."""
    marks = WaitingMark.objects.filter(organisation=organisation, ended_at=None)
    return marks.order_by("created_at", "pk")


def of_booking(booking: Booking) -> WaitingMark | None:
    """The open mark of a booking's lead for the same type and calendar."""
    if booking.lead_id is None:
        return None
    same = {"calendar": booking.calendar_id, "appointment_type": booking.appointment_type_id}
    marks = open_marks(booking.organisation).filter(lead=booking.lead_id, **same)
    return _told(marks).first()


def listed(organisation: Organisation, *, now: datetime, most: int = 200) -> list[WaitingMark]:
    """Open marks and those that ended lately, by type and calendar, the longest waiting first."""
    close_booked(organisation)
    lately = Q(ended_at=None) | Q(ended_at__gte=now - timedelta(days=KEPT_DAYS))
    marks = _told(WaitingMark.objects.filter(lately, organisation=organisation))
    names = ("appointment_type__name", "appointment_type", "calendar__name", "calendar")
    return list(marks.order_by(*names, "created_at", "pk")[:most])


def today_in(zone: str, now: datetime) -> date:
    """The local day of a calendar; UTC's where it names no zone that we know."""
    try:
        return availability.local_day(zone, now)
    except availability.NoZone:
        return now.date()


def close_booked(organisation: Organisation) -> int:
    """End the marks whose lead has got a booking of the type on one of the days since. How many.

    Only what Connect has confirmed is in the mirror, so nothing ends before it is booked.
    """
    got = open_marks(organisation).filter(
        lead__bookings__appointment_type=F("appointment_type"),
        lead__bookings__gone_at=None,
        lead__bookings__booked_at__gte=F("created_at"),
    )
    told = ("booking", "from_day", "until_day", "calendar__zone", "lead__bookings__pk",
            "lead__bookings__starts_at", "lead__bookings__booked_at")  # fmt: skip
    # The appointment to be given up is no reason to stop looking for an earlier one.
    served = {
        pk: booked_at
        for pk, own, first, last, zone, booking, starts_at, booked_at in got.values_list(
            "pk", *told
        )
        if booking != own and first <= today_in(zone, starts_at) <= last
    }
    for pk, booked_at in served.items():
        ended = {"ended_at": booked_at, "ended_as": WaitingMark.End.BOOKED}
        open_marks(organisation).filter(pk=pk).update(**ended)
    return len(served)


def _check(organisation: Organisation, wanted: Wanted, *, now: datetime) -> date:
    """Today in the calendar. Raises Invalid."""
    snapshot = catalogue.snapshot(organisation)
    calendar = snapshot.calendar(wanted.calendar_pk)
    if calendar is None:
        raise Invalid({"calendar": "required"})
    if all(kind.pk != wanted.type_pk for kind in snapshot.types_for(calendar.pk)):
        raise Invalid({"type": "not_here"})
    today = today_in(calendar.zone, now)
    if wanted.until_day < today:
        raise Invalid({"until_day": "day_past"})
    if wanted.until_day < wanted.from_day:
        raise Invalid({"until_day": "before_first"})
    if wanted.until_day - today > LONGEST_RANGE:
        raise Invalid({"until_day": "too_far"})
    booking = wanted.booking
    if booking is not None and booking.lead_id != wanted.lead.pk:
        raise Invalid({"booking": "not_theirs"})
    return today


def _noted(what: str, one: WaitingMark, *, person: Any, now: datetime) -> None:
    details = {"mark": str(one.pk), "lead": str(one.lead_id)}
    audit.record(
        f"waiting.{what}", organisation=one.organisation, at=now, person=person, details=details
    )


def _told(marks: QuerySet[WaitingMark]) -> QuerySet[WaitingMark]:
    related = ("lead__pool", "calendar", "appointment_type", "booking__calendar", "created_by")
    return marks.select_related(*related)
