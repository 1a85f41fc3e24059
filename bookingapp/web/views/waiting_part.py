"""What ``waiting/mark.html`` shows: a lead's open mark, and the form that makes or changes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bookingapp.domain import catalogue, waiting
from bookingapp.domain.models import Booking, Lead, Organisation
from bookingapp.web.forms.waiting import WaitingForm
from bookingapp.web.presenters import waiting as words

WEEKS = timedelta(weeks=4)


def of_booking(
    booking: Booking, *, now: datetime, form: WaitingForm | None = None
) -> dict[str, Any]:
    """On the page of a booking: its lead, type and calendar are given."""
    mark = waiting.of_booking(booking)
    today = waiting.today_in(booking.calendar.zone, now)
    day_before = waiting.today_in(booking.calendar.zone, booking.starts_at) - timedelta(days=1)
    values = {
        "calendar": booking.calendar_id,
        "type": booking.appointment_type_id,
        **_days(today, max(day_before, today)),
    }
    if mark is not None:
        values |= _days(mark.from_day, mark.until_day) | {"note": mark.note}
    return _context(booking.organisation, booking.lead, values, today, form) | {
        "booking": booking,
        "row": words.row(mark, now=now) if mark else None,
    }


def of_lead(
    organisation: Organisation, lead: Lead, *, now: datetime, form: WaitingForm | None = None
) -> dict[str, Any]:
    """On the waiting list: type and calendar are chosen."""
    snapshot = catalogue.snapshot(organisation)
    zone = snapshot.used_calendars[0].zone if snapshot.used_calendars else ""
    today = waiting.today_in(zone, now)
    values = {**_place(snapshot, lead), **_days(today, today + WEEKS)}
    context = _context(organisation, lead, values, today, form)
    return context | {"calendars": snapshot.used_calendars, "types": snapshot.types}


def _place(snapshot: catalogue.Snapshot, lead: Lead) -> dict[str, int]:
    """A calendar and a type it offers, the one the lead is interested in where there is one."""
    wanted = snapshot.type_by_connect_id(lead.interested_in_connect_id)
    offered = [(one, snapshot.types_for(one.pk)) for one in snapshot.used_calendars]
    for calendar, types in offered:
        if wanted in types:
            return {"calendar": calendar.pk, "type": wanted.pk}
    first = next(((one, types[0]) for one, types in offered if types), None)
    return {"calendar": first[0].pk, "type": first[1].pk} if first else {}


def _context(
    organisation: Organisation,
    lead: Lead | None,
    values: dict[str, Any],
    today: date,
    form: WaitingForm | None,
) -> dict[str, Any]:
    typed = {name: form.data.get(name, "") for name in form.fields} if form else {}
    return {
        "slug": organisation.slug,
        "lead": lead,
        "form": form,
        "values": values | typed,
        "today": today.isoformat(),
    }


def _days(first: date, last: date) -> dict[str, str]:
    return {"from_day": first.isoformat(), "until_day": last.isoformat()}
