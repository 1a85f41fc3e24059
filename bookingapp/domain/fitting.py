"""Which leads fit a freed slot, best first, in a constant number of queries.

First who waits for it and has a later booking to give up, then who waits for it, then who is
interested in the type (those due for a follow-up before the others), then who is due in the pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from bookingapp.domain import waiting
from bookingapp.domain.models import Booking, Lead, WaitingMark, Write
from bookingapp.domain.states import UNFINISHED, Kind

MOST = 9
# Of the marks that cover a slot so many are looked at: some leads have an earlier booking by now.
MOST_MARKS = 60


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A booking of the type that a lead has ahead. ``changing``: a change of it is on its way."""

    booking: Booking
    changing: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A lead and why it fits. ``later`` is the booking that it would give up."""

    lead: Lead
    mark: WaitingMark | None = None
    later: Booking | None = None
    interested: bool = False
    due: bool = False


def fits(gone: Booking, *, now: datetime, most: int = MOST) -> list[Fit]:
    """Leads for the slot that ``gone`` has freed; never the lead that just gave it up."""
    waiting.close_booked(gone.organisation)
    found = {fit.lead.pk: fit for fit in _waiting(gone, now=now)[:most]}
    for lead in _candidates(gone, now=now, most=most):
        if len(found) == most:
            break
        found.setdefault(lead.pk, Fit(lead))
    return [_explained(fit, gone, now=now) for fit in found.values()]


def upcoming_of(
    gone: Booking, lead_pks: Iterable[UUID], *, now: datetime
) -> dict[UUID, list[Upcoming]]:
    """By lead, its bookings ahead of the type that ``gone`` was of, the next one first."""
    changes = Write.objects.filter(about=OuterRef("pk"), state__in=UNFINISHED)
    standing = _standing(gone, now).filter(lead__in=list(lead_pks))
    found: dict[UUID, list[Upcoming]] = {}
    for one in standing.select_related("calendar").annotate(changing=Exists(changes)):
        if one.lead_id is not None:
            found.setdefault(one.lead_id, []).append(Upcoming(one, one.changing))
    return found


def _waiting(gone: Booking, *, now: datetime) -> list[Fit]:
    day = waiting.today_in(gone.calendar.zone, gone.starts_at)
    marks = waiting.open_marks(gone.organisation).filter(
        calendar=gone.calendar_id,
        appointment_type=gone.appointment_type_id,
        from_day__lte=day,
        until_day__gte=day,
    )
    marks = marks.exclude(lead=gone.lead_id).filter(~_being_booked(gone, "lead"))
    known = list(marks.select_related("lead__pool")[:MOST_MARKS])
    has = upcoming_of(gone, [one.lead_id for one in known], now=now)
    found = [_served(one, has.get(one.lead_id, []), gone) for one in known]
    # Stable: among equals the longest waiting stays first.
    return sorted((fit for fit in found if fit), key=lambda fit: fit.later is None)


def _served(mark: WaitingMark, has: list[Upcoming], gone: Booking) -> Fit | None:
    """None where the slot is not earlier than what the lead has, or that is being changed."""
    if not has:
        return Fit(mark.lead, mark)
    later = next((one for one in has if one.booking.pk == mark.booking_id), has[0])
    if later.changing or later.booking.starts_at <= gone.starts_at:
        return None
    return Fit(mark.lead, mark, later.booking)


def _candidates(gone: Booking, *, now: datetime, most: int) -> list[Lead]:
    """Leads without a booking of the type, the warmest first."""
    has_one = _standing(gone, now).filter(lead=OuterRef("pk"))
    free = Lead.objects.filter(organisation=gone.organisation).exclude(connect_id="")
    free = free.filter(~Exists(has_one), ~_being_booked(gone, "pk")).select_related("pool")
    if gone.lead_id is not None:
        free = free.exclude(pk=gone.lead_id)
    interested = free.filter(interested_in_connect_id=gone.appointment_type.connect_id)
    due = interested.filter(follow_up_at__lte=now).order_by("follow_up_at", "pk")
    found = [*due[:most], *interested.order_by("-created_at", "pk")[:most]]
    pool = gone.lead.pool_id if gone.lead else None
    if pool is not None:
        in_pool = free.filter(pool=pool, follow_up_at__lte=now)
        found += in_pool.order_by("follow_up_at", "pk")[:most]
    return found


def _standing(gone: Booking, now: datetime) -> QuerySet[Booking]:
    upcoming = Booking.objects.filter(organisation=gone.organisation, starts_at__gt=now)
    upcoming = upcoming.filter(appointment_type=gone.appointment_type_id, gone_at=None)
    return upcoming.order_by("starts_at", "pk")


def _being_booked(gone: Booking, lead: str) -> Exists:
    """Whether a booking of the type is on its way for the lead: it must not get a second one."""
    return Exists(
        Write.objects.filter(
            lead=OuterRef(lead),
            kind=Kind.BOOK,
            state__in=UNFINISHED,
            payload__type_id=gone.appointment_type.connect_id,
        )
    )


def _explained(fit: Fit, gone: Booking, *, now: datetime) -> Fit:
    interested = fit.lead.interested_in_connect_id == gone.appointment_type.connect_id
    due = fit.lead.follow_up_at is not None and fit.lead.follow_up_at <= now
    return Fit(fit.lead, fit.mark, fit.later, interested, due)
