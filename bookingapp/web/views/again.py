"""Booking again what was cancelled: a new booking with a new id, at the same time or near it."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import bookings, changes, consequences, journal
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.slots import SlotRef
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import change_words, consequence
from bookingapp.web.views import booking_page, nearby, settled, write_facts
from bookingapp.web.views.nearby import Looked

FORM = "bookings/again.html"
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def again(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the same time if it is free, and its neighbours. POST: takes it, or ``slot``."""
    try:
        booking = changes.find(request.organisation, pk)
    except changes.NoSuchBooking:
        raise Http404 from None
    if booking.gone_at is None or booking.lead is None:
        code = "stands" if booking.gone_at is None else "no_lead"
        note = change_words.REFUSALS[code]
        story = booking_page.find(request, pk)
        return booking_page.shown(request, story, status=CONFLICT, note=note)
    return _take(request, booking) if request.method == "POST" else _offer(request, booking)


def _take(request: StaffRequest, booking: Booking) -> HttpResponse:
    """Connect decides whether it is free; what is known to be full is not even asked."""
    wanted = request.POST.get("slot", "")
    try:
        ref = SlotRef.parse(wanted) if wanted else SlotRef(booking.starts_at, booking.resource_id)
        intent = uuid.UUID(request.POST.get("intent", ""))
    except ValueError:
        return _offer(request, booking, note="intent_reused", status=422)
    known = _same_intent(request, intent)
    if known is None and not wanted:
        looked = nearby.look(request.organisation, booking, now=timezone.now())
        if looked.same is None:
            return _offer(request, booking, looked, note=looked.problem or "not_free", status=409)
    try:
        write, _ = bookings.ask(
            request.organisation,
            request.user,
            _asked(booking, ref, intent, again="again" in request.POST),
            now=timezone.now(),
        )
    except (SlotGone, Invalid):
        return _offer(request, booking, note="not_free", status=CONFLICT)
    except bookings.AlreadyBooked as error:
        twin = {"twin": error.write, "twin_slot": str(ref)}
        return _offer(request, booking, note="same_time", status=CONFLICT, twin=twin)
    except journal.IntentReused:
        return _offer(request, booking, note="intent_reused", status=CONFLICT)
    settled.wake_first(write)
    return htmx.redirect(request, write_facts.url(write))


def _asked(booking: Booking, ref: SlotRef, intent: UUID, *, again: bool) -> bookings.Asked:
    if booking.lead is None:
        raise ValueError("nobody to book for")
    asked_before = booking.write.payload if booking.write else {}
    return bookings.Asked(
        intent=intent,
        calendar_pk=booking.calendar_id,
        type_pk=booking.appointment_type_id,
        ref=ref,
        lead=booking.lead,
        name=str(booking.told.get("name") or asked_before.get("name") or ""),
        again=again,
    )


def _same_intent(request: StaffRequest, intent: UUID) -> Write | None:
    """The form was sent before: what it did is answered, whatever is free by now."""
    return Write.objects.filter(organisation=request.organisation, intent=intent).first()


def _offer(
    request: StaffRequest,
    booking: Booking,
    looked: Looked | None = None,
    *,
    note: str = "",
    status: int = 200,
    twin: dict[str, Any] | None = None,
) -> HttpResponse:
    now = timezone.now()
    looked = looked or nearby.look(request.organisation, booking, now=now)
    context: dict[str, Any] = {
        "act": FORM,
        "same": looked.same,
        "near": nearby.choices(request.organisation, booking, looked.near, now=now),
        "problem": change_words.REFUSALS.get(looked.problem),
        "note": change_words.REFUSALS.get(note),
        "line": consequence.line(consequences.of_booking(new_lead=False)),
        "zone_name": booking.calendar.zone,
        **(twin or {}),
    }
    story = booking_page.find(request, booking.pk)
    return booking_page.shown(request, story, status=status, **context)
