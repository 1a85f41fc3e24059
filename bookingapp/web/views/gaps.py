"""The gap filler: who fits a slot that a cancel or a move has freed, one key to book each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import advice, bookings, changes, fitting, gaps, journal
from bookingapp.domain.errors import DomainError, Invalid, SlotGone
from bookingapp.domain.gaps import Chosen, Gap, Standing
from bookingapp.domain.models import Booking
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import gaps as words
from bookingapp.web.views import settled, write_facts

PAGE = "gaps/page.html"
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def gap(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: who fits the slot of the gone booking ``pk``. POST: book or move the chosen lead."""
    try:
        booking = gaps.find(request.organisation, pk)
    except changes.NoSuchBooking:
        raise Http404 from None
    return _fill(request, booking) if request.method == "POST" else _shown(request, booking)


def _fill(request: StaffRequest, booking: Booking) -> HttpResponse:
    now = timezone.now()
    found = gaps.look(booking, now=now)
    try:
        chosen = _chosen(request)
        write = gaps.fill(request.organisation, request.user, found, chosen, now=now)
    except (DomainError, journal.IntentReused, ValueError) as error:
        return _shown(request, booking, found, note=words.NOTES[_code(error)], status=CONFLICT)
    advice.forget(request.organisation, request.user, now=now)
    settled.wake_first(write)
    return redirect(write_facts.url(write))


def _shown(
    request: StaffRequest,
    booking: Booking,
    found: Gap | None = None,
    *,
    note: Any = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    found = found or gaps.look(booking, now=now)
    is_open = found.standing == Standing.OPEN
    rows = words.rows(fitting.fits(booking, now=now), booking) if is_open else []
    context = {
        "slug": request.organisation.slug,
        "booking": booking,
        "freed": words.freed(booking),
        "is_open": is_open,
        "told": words.STANDINGS.get(found.standing),
        "may_retry": found.standing == Standing.UNSEEN,
        "rows": rows,
        "lines": words.lines(rows, request.organisation),
        "note": note,
        "grid_url": words.grid_address(request.organisation.slug, found),
    }
    return htmx.render_part(request, PAGE, "part", context, status=status)


def _chosen(request: StaffRequest) -> Chosen:
    """Raises ValueError for a form that is not ours."""
    given = request.POST
    move = given.get("move", "")
    return Chosen(
        intent=UUID(given.get("intent", "")),
        lead_pk=UUID(given.get("lead", "")),
        move_pk=UUID(move) if move else None,
    )


def _code(error: Exception) -> str:
    """Which note tells about it."""
    if isinstance(error, SlotGone):
        return "slot_gone"
    if isinstance(error, bookings.AlreadyBooked):
        return "already_booked"
    if isinstance(error, gaps.Changed | changes.Gone | changes.BeingChanged):
        return "changed"
    codes = error.fields if isinstance(error, Invalid) else {}
    if "slot" in codes:
        return "slot_gone"
    if "connect_id" in codes:
        return "connect_id"
    return "not_created" if "not_created" in codes.values() else "not_accepted"
