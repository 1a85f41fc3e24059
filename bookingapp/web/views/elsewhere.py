"""From trouble back to the grid, with everything known about the lead kept (design law 6)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import settling, stories
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind, Reason, State
from bookingapp.web import drafts, htmx
from bookingapp.web.forms.booking import NEW
from bookingapp.web.http import StaffRequest
from bookingapp.web.views import settled, status_context


def go(request: StaffRequest, write: Write) -> HttpResponse:
    """To where another time can be chosen. What had ended counts as seen by that.

    Raises AlreadySettled.
    """
    if write.state in TERMINAL:
        settling.seen(write, now=timezone.now())
    if write.kind == Kind.CANCEL:
        return _to_booking(request, write, "booking-cancel")
    if write.kind == Kind.RESCHEDULE and write.reason != Reason.NO_APPOINTMENT:
        # One change of a booking at a time: this one ends before the next begins.
        if write.state == State.ASKING:
            freed = settling.give_up(write, person=request.user, now=timezone.now())
            settled.wake_all(freed)
        return _to_booking(request, write, "booking-move")
    asks = write.pk if write.state == State.ASKING else None
    drafts.keep(request, typed_of(write), instead_of=asks)
    return htmx.redirect(request, status_context.grid_url(write))


def typed_of(write: Write) -> dict[str, str]:
    """What the booking panel starts with: the lead, or all that was typed of one refused."""
    texts = {"lead": str(write.lead_id or ""), "label": str(write.payload.get("name") or "")}
    new = write.payload.get("new_lead")
    if new and write.reason == Reason.LEAD_REFUSED:
        texts |= _typed_lead(new)
    return {name: text for name, text in texts.items() if text}


def _typed_lead(new: dict[str, Any]) -> dict[str, str]:
    contact = {name: str(text or "") for name, text in new.get("contact", {}).items()}
    return {"lead": NEW, "pool": str(new.get("pool_pk", ""))} | contact


def _to_booking(request: StaffRequest, write: Write, name: str) -> HttpResponse:
    """To a page of the booking that stands now: the one written about may have been put back."""
    story = stories.find(request.organisation, write.pk)
    booking = story.booking if story else None
    if booking is None:
        return htmx.redirect(request, status_context.grid_url(write))
    place = {"slug": request.organisation.slug, "pk": booking.pk}
    return htmx.redirect(request, reverse(name, kwargs=place))
