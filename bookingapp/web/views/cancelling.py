"""Cancelling a booking with a reason; nothing is sent before the undo window is over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import cancelling, changes, consequences, journal, undo
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Booking
from bookingapp.domain.policy import policy_of
from bookingapp.web import htmx
from bookingapp.web.forms.cancelling import CancelForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import cancel_words, change_words, consequence
from bookingapp.web.views import booking_page, settled

FORM = "bookings/cancel.html"
UNREADABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def cancel(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the form. POST: the cancel is written down and held for the person's undo window."""
    booking = _found(request, pk)
    form = CancelForm(request.POST or None, known=bool(booking.connect_id))
    if request.method == "POST":
        return _ask(request, booking, form) if form.is_valid() else _form(request, booking, form)
    try:
        changes.check(booking)
    except changes.Gone:
        return refused(request, pk, "gone")
    except changes.BeingChanged:
        return refused(request, pk, "being_changed")
    except Invalid:
        # Its id is not known; the form asks for it.
        pass
    return _form(request, booking, form)


def refused(request: StaffRequest, pk: UUID, code: str) -> HttpResponse:
    """The page of the booking as it stands, saying why it cannot be changed now."""
    note = change_words.REFUSALS[code]
    return booking_page.shown(request, booking_page.find(request, pk), status=CONFLICT, note=note)


def _ask(request: StaffRequest, booking: Booking, form: CancelForm) -> HttpResponse:
    now, seconds = timezone.now(), undo.window_of(request.user)
    try:
        if form.cleaned_data["connect_id"]:
            told = form.cleaned_data["connect_id"]
            changes.identify(booking, told, person=request.user, now=now)
        asked = form.asked(booking.pk)
        write, _ = cancelling.ask(
            request.organisation, request.user, asked, now=now, hold_seconds=seconds
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return _form(request, booking, form)
    except changes.Gone:
        return refused(request, booking.pk, "gone")
    except changes.BeingChanged:
        return refused(request, booking.pk, "being_changed")
    except journal.IntentReused:
        return refused(request, booking.pk, "intent_reused")
    settled.wake_held(write)
    if not htmx.wants_part(request):
        return redirect("booking-detail", slug=request.organisation.slug, pk=booking.pk)
    return booking_page.shown(request, booking_page.find(request, booking.pk))


def _form(request: StaffRequest, booking: Booking, form: CancelForm) -> HttpResponse:
    """The page with the form open in it; with htmx only what changes of the page."""
    status = UNREADABLE if form.errors else 200
    reasons = policy_of(request.organisation.settings).cancel_reasons
    line = consequence.line(consequences.of_cancel(request.organisation, booking.lead))
    first = reasons[0] if reasons else ""
    chosen = form.data.get("reason", "") if form.is_bound else first
    more: dict[str, Any] = {
        "act": FORM,
        "form": form,
        "reasons": [(code, cancel_words.label(code)) for code in reasons],
        "chosen": chosen,
        "is_other": chosen not in reasons,
        "line": line,
        "undo_seconds": undo.window_of(request.user),
        "needs_id": not booking.connect_id,
    }
    story = booking_page.find(request, booking.pk)
    return booking_page.shown(request, story, status=status, **more)


def _found(request: StaffRequest, pk: UUID) -> Booking:
    try:
        return changes.find(request.organisation, pk)
    except changes.NoSuchBooking:
        raise Http404 from None
