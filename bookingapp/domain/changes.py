"""What every change of a booking has in common: it must stand, and be the only one on its way."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import audit, journal
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Booking, Organisation, Write
from bookingapp.domain.states import UNFINISHED, Kind


class NoSuchBooking(DomainError):
    """There is no such booking in this organisation."""

    code = "no_such_booking"


class Gone(DomainError):
    """The booking was cancelled or moved before; ``booking`` is its tombstone."""

    code = "gone"

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"booking {booking.pk} is gone")
        self.booking = booking


class BeingChanged(DomainError):
    """Another change of the booking is on its way or waits for a person: ``write``."""

    code = "being_changed"

    def __init__(self, write: Write) -> None:
        super().__init__(f"write {write.pk} changes the same booking")
        self.write = write


def find(organisation: Organisation, pk: uuid.UUID) -> Booking:
    """Raises NoSuchBooking."""
    known = Booking.objects.filter(organisation=organisation, pk=pk)
    related = ("lead", "calendar", "resource", "appointment_type", "write", "booked_by")
    booking = known.select_related(*related).first()
    if booking is None:
        raise NoSuchBooking
    return booking


def same_intent(organisation: Organisation, kind: Kind, intent: uuid.UUID) -> bool:
    return Write.objects.filter(organisation=organisation, intent=intent, kind=kind).exists()


def check(booking: Booking) -> None:
    """Raises Gone, BeingChanged, or Invalid when its id at Connect is not known."""
    if booking.gone_at is not None:
        raise Gone(booking)
    if other := booking.changes.filter(state__in=UNFINISHED).first():
        raise BeingChanged(other)
    if not booking.connect_id:
        raise Invalid({"connect_id": "required"})


def same_change(error: BeingChanged, request: journal.Request) -> Write:
    """The write in the way, where it is that of the same form sent at the same moment."""
    if (error.write.kind, error.write.intent) != (request.kind, request.intent):
        raise error
    return journal.find_intent(request)


@transaction.atomic
def open_change(request: journal.Request, *, now: datetime) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new. Raises what ``check`` and the journal do."""
    if request.about is None:
        raise ValueError("a change is about a booking")
    # The row lock makes two tabs take turns; the second finds the write of the first.
    booking = Booking.objects.select_for_update().get(pk=request.about.pk)
    if same_intent(request.organisation, request.kind, request.intent):
        return journal.find_intent(request), False
    try:
        check(booking)
    except BeingChanged as error:
        return same_change(error, request), False
    try:
        return journal.open_write(request, now=now)
    except Write.DoesNotExist:
        # Where rows cannot be locked the constraint has decided.
        raise BeingChanged(booking.changes.get(state__in=UNFINISHED)) from None


@transaction.atomic
def identify(booking: Booking, connect_id: str, *, person: Any, now: datetime) -> None:
    """A person tells the id of a booking that was settled without one. Raises Invalid."""
    connect_id = connect_id.strip()[:200]
    if not connect_id:
        raise Invalid({"connect_id": "required"})
    others = Booking.objects.filter(organisation=booking.organisation, connect_id=connect_id)
    if others.exclude(pk=booking.pk).exists():
        raise Invalid({"connect_id": "known"})
    Booking.objects.filter(pk=booking.pk, connect_id="").update(connect_id=connect_id)
    booking.refresh_from_db()
    details = {"booking": str(booking.pk), "connect_id": connect_id}
    audit.record(
        "booking.identified",
        organisation=booking.organisation,
        at=now,
        person=person,
        details=details,
    )
