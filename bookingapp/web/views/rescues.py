"""Rescuing a day: the list, beginning one, its page, and the sheet for the phone."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain import availability, catalogue
from bookingapp.domain.availability import NoZone
from bookingapp.domain.errors import Invalid
from bookingapp.domain.rescue import listing as beginning
from bookingapp.domain.rescue import overview, proposing
from bookingapp.web.forms import booking_filter as asking
from bookingapp.web.forms.rescue import BeginForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import rescue_words
from bookingapp.web.views import rescue_context

MOST = 30


@require_safe
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """The newest rescues and how far they are."""
    now = timezone.now()
    found = overview.newest(request.organisation, now=now, most=MOST)
    cards = [
        (one.rescue, rescue_words.days(one.rescue.from_day, one.rescue.until_day),
         rescue_words.progress(one.progress), one.progress)
        for one in found
    ]  # fmt: skip
    return render(request, "rescues/list.html", {"cards": cards})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def new(request: StaffRequest) -> HttpResponseBase:
    """GET: who is not there, and when. POST: the bookings are listed, each with a proposal."""
    if request.method != "POST":
        return _form(request, BeginForm(), request.GET)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _form(request, form, request.POST, status=422)
    return _begin(request, form)


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    rescue = rescue_context.find(request, pk)
    return render(request, rescue_context.PAGE, rescue_context.page(rescue, timezone.now()))


@require_safe
@desk_view("staff")
def calls(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What is left, for the phone: made for paper."""
    context = rescue_context.page(rescue_context.find(request, pk), timezone.now())
    left = [line for line in context["lines"] if line.is_open]
    return render(request, "rescues/calls.html", context | {"left": left})


def _begin(request: StaffRequest, form: BeginForm) -> HttpResponse:
    now = timezone.now()
    try:
        rescue, is_new = beginning.begin(request.organisation, request.user, form.asked(), now=now)
    except Invalid as error:
        form.add_codes(error.fields)
        return _form(request, form, request.POST, status=422)
    except NoZone:
        form.add_error("calendar", str(rescue_words.NO_ZONE))
        return _form(request, form, request.POST, status=422)
    if is_new:
        # The rows stand already: should Connect be slow, the page shows them all the same.
        proposing.propose_all(rescue, now=now)
    return redirect("rescue-detail", slug=request.organisation.slug, pk=rescue.pk)


def _form(request: StaffRequest, form: BeginForm, given: Any, *, status: int = 200) -> HttpResponse:
    snapshot = catalogue.snapshot(request.organisation)
    calendar = snapshot.calendar(_number(given.get("calendar"))) or next(
        iter(snapshot.used_calendars), None
    )
    today = timezone.now().date()
    if calendar is not None and calendar.zone:
        today = availability.local_day(calendar.zone, timezone.now())
    context = {
        "form": form,
        "snapshot": snapshot,
        "intent": given.get("intent") or uuid.uuid4(),
        "calendar": calendar.pk if calendar else 0,
        "resource": _number(given.get("resource")),
        "from_day": given.get("from_day") or given.get("date") or today.isoformat(),
        "until_day": given.get("until_day", ""),
        "most_days": beginning.MOST_DAYS,
    }
    return render(request, "rescues/new.html", context, status=status)


def _number(text: object) -> int:
    return asking.key(str(text or "")) or 0
