"""Moving a booking to another time: into the grid's moving mode, and asking for the move."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import advice, changes, journal, rescheduling
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Write
from bookingapp.web import htmx
from bookingapp.web.forms.moving import MoveForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import moving
from bookingapp.web.views import moving_refusal, moving_status, settled


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def move(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: to the week of the booking, in moving mode. POST: the panel asks for the move."""
    try:
        booking = changes.find(request.organisation, pk)
    except changes.NoSuchBooking:
        raise Http404 from None
    if request.method == "POST":
        return _ask(request, pk)
    return redirect(moving.grid_address(request.organisation.slug, booking))


def _ask(request: StaffRequest, pk: UUID) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        return moving_refusal.invalid(request, pk, form)
    try:
        write, _ = rescheduling.ask(
            request.organisation, request.user, form.asked(pk), now=timezone.now()
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return moving_refusal.invalid(request, pk, form)
    except SlotGone:
        return moving_refusal.slot_gone(request, pk, form)
    except (changes.Gone, changes.BeingChanged):
        return moving_refusal.obstacle(request, pk)
    except journal.IntentReused as error:
        return moving_refusal.intent_reused(request, pk, error.write)
    return _asked(request, write)


def _asked(request: StaffRequest, write: Write) -> HttpResponse:
    settled.wake_first(write)
    advice.forget(request.organisation, request.user, now=timezone.now())
    page = moving.page_of(request.organisation.slug, write.pk)
    if not htmx.wants_part(request):
        return redirect(page)
    # The status survives a reload: from here on the address is the booking's own.
    return htmx.push_url(moving_status.shown(request, write.pk), page)
