"""The page of one day of one calendar, for the front desk and for the printer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookingapp.domain import booking_filter, booking_list
from bookingapp.domain.models import Booking, Calendar
from bookingapp.web import htmx
from bookingapp.web.forms import booking_filter as asking
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import booking_row, moments
from bookingapp.web.views.booking_list import presenter, stamp_of

DAY = "bookings/day.html"
MODULES = ("js/booking-panel.js", "js/row-keys.js", "js/print-page.js")
COOKIE = "desk_day"
ONE_DAY = timedelta(days=1)


@require_safe
@desk_view("staff")
def page(request: StaffRequest) -> HttpResponseBase:
    """All that begins on a local day of a calendar, by time; 204 while ``v`` says what it shows."""
    now = timezone.now()
    calendars = list(Calendar.objects.filter(organisation=request.organisation))
    wanted = request.GET.get("calendar") or request.COOKIES.get(COOKIE, "")
    calendar = _chosen(calendars, wanted)
    if calendar is None:
        return htmx.render_part(request, DAY, "day", {"calendar": None})
    today = booking_filter.local_day(calendar.zone, now)
    day = asking.day(request.GET.get("date", "")) or today
    shown = _shown(request, calendar, day, now)
    if request.GET.get("v") == shown["stamp"]:
        return HttpResponse(status=204)
    around = _around(request, calendar, day, today)
    offered = [one for one in calendars if one.gone_at is None or one == calendar]
    more = {"calendars": offered, "modules": MODULES, "printed_at": _local(now, calendar)}
    response = htmx.render_part(request, DAY, "day", shown | around | more)
    return _remember(request, response, calendar)


def _chosen(calendars: Iterable[Calendar], text: str) -> Calendar | None:
    """The one that is named, else the first that Connect still lists."""
    wanted = asking.key(text)
    named = [one for one in calendars if one.pk == wanted]
    offered = [one for one in calendars if one.gone_at is None]
    return next(iter([*named, *offered, *calendars]), None)


def _remember(request: StaffRequest, response: HttpResponse, calendar: Calendar) -> HttpResponse:
    """The calendar somebody works at stays theirs the next morning."""
    if request.COOKIES.get(COOKIE) != str(calendar.pk):
        response.set_cookie(
            COOKIE,
            str(calendar.pk),
            max_age=timedelta(days=90),
            path=_address(request),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _shown(request: StaffRequest, calendar: Calendar, day: date, now: datetime) -> dict[str, Any]:
    lines, writes = booking_list.day(request.organisation, calendar, day)
    makes = presenter(request, now)
    taking_place = [makes.line(line) for line in lines if line.booking.gone_at is None]
    gone = [makes.line(line) for line in lines if _is_missed(line.booking, calendar, day)]
    coming = [makes.write(write) for write in writes]
    return {
        "rows": taking_place,
        "gone": gone,
        "coming": coming,
        "stamp": stamp_of(taking_place, gone, coming),
    }


def _is_missed(booking: Booking, calendar: Calendar, day: date) -> bool:
    """Whether somebody may come for it in vain. One that only moved within the day is in the
    list at its new time.
    """
    if booking.gone_at is None:
        return False
    after = booking.moved_to
    if after is None or after.gone_at is not None or after.calendar_id != calendar.pk:
        return True
    return booking_filter.local_day(calendar.zone, after.starts_at) != day


def _around(request: StaffRequest, calendar: Calendar, day: date, today: date) -> dict[str, Any]:
    address = _address(request)

    def at(day: date) -> str:
        return f"{address}?{urlencode({'calendar': calendar.pk, 'date': day.isoformat()})}"

    return {
        "calendar": calendar,
        "day": day,
        "title": booking_row.day_words(day),
        "zone": moments.zone_of(calendar.zone).key,
        "is_today": day == today,
        "address": address,
        "here": at(day),
        "previous": at(day - ONE_DAY),
        "next": at(day + ONE_DAY),
        "today": at(today),
    }


def _local(now: datetime, calendar: Calendar) -> str:
    return moments.dated(now, moments.zone_of(calendar.zone))


def _address(request: StaffRequest) -> str:
    return reverse("booking-day", kwargs={"slug": request.organisation.slug})
