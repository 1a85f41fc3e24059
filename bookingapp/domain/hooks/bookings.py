"""An appointment that RocketLead tells of: made, or deleted, here or elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from bookingapp.domain import availability, catalogue
from bookingapp.domain.hooks import earlier, settle
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.telling import BookingFacts, Telling
from bookingapp.domain.models import (
    AppointmentType,
    Booking,
    Calendar,
    Gone,
    Organisation,
    Resource,
)

_PLACES = (
    ("calendar", Calendar, "calendar_id"),
    ("resource", Resource, "resource_id"),
    ("type", AppointmentType, "type_id"),
)


def stands(
    organisation: Organisation,
    facts: BookingFacts,
    telling: Telling,
    *,
    now: datetime,
    outcome: Outcome,
) -> None:
    """It is there, by our own doing or somebody else's."""
    if known := _known(organisation, facts):
        outcome.booking = known
        outcome.is_older = known.gone_at is not None
        _link(known, outcome)
        return
    settle.booking(facts, telling, now=now, outcome=outcome)
    booking = _known(organisation, facts) or _identified(organisation, facts, outcome)
    booking = booking or _made(organisation, facts, now=now, outcome=outcome)
    if booking is None:
        return
    outcome.booking = booking
    _dropped(booking)
    # The telling of its end may have come first.
    if ended := earlier.deletion_of(organisation, facts.connect_id):
        _bury(booking, at=ended)


def deleted(
    organisation: Organisation,
    facts: BookingFacts,
    telling: Telling,
    *,
    now: datetime,
    outcome: Outcome,
) -> None:
    """It is gone. One that nobody knew leaves its tombstone, where enough is told of it."""
    booking = _known(organisation, facts)
    if booking is None:
        booking = _made(organisation, facts, now=now, outcome=outcome)
        if booking is None:
            return
        outcome.changed = [code for code in outcome.changed if code != "booking_new"]
    outcome.booking = booking
    if _bury(booking, at=telling.at or now):
        outcome.problem = ""
        outcome.changed.append("booking_gone")
        _dropped(booking)
    settle.deletion(booking, telling, now=now, outcome=outcome)


def _known(organisation: Organisation, facts: BookingFacts) -> Booking | None:
    ours = Booking.objects.filter(organisation=organisation, connect_id=facts.connect_id)
    return ours.select_related("calendar").first()


def _link(booking: Booking, outcome: Outcome) -> None:
    """The lead of an appointment that was told of without one."""
    unlinked = Booking.objects.filter(pk=booking.pk, lead=None)
    if outcome.lead is not None and unlinked.update(lead=outcome.lead):
        outcome.changed.append("booking_linked")


def _identified(
    organisation: Organisation, facts: BookingFacts, outcome: Outcome
) -> Booking | None:
    """Our own that a person settled as booked without knowing its id."""
    if outcome.lead is None or facts.starts_at is None:
        return None
    nameless = Booking.objects.filter(
        organisation=organisation,
        connect_id="",
        lead=outcome.lead,
        starts_at=facts.starts_at,
        resource__connect_id=facts.resource_id,
        gone_at=None,
    )
    found = nameless.first()
    if found and nameless.filter(pk=found.pk).update(connect_id=facts.connect_id):
        outcome.changed.append("booking_identified")
        return _known(organisation, facts)
    return None


def _made(
    organisation: Organisation, facts: BookingFacts, *, now: datetime, outcome: Outcome
) -> Booking | None:
    """Our row of an appointment made elsewhere; None, with the reason, when too little is told."""
    found = {}
    for name, model, attribute in _PLACES:
        connect_id = getattr(facts, attribute)
        row = model.objects.filter(organisation=organisation, connect_id=connect_id).first()
        if not connect_id or row is None:
            outcome.problem = f"{name}_{'unknown' if connect_id else 'missing'}"
            if connect_id:
                catalogue.refresh_soon(organisation, now=now)
            return None
        found[name] = row
    if facts.starts_at is None or facts.ends_at is None or facts.ends_at <= facts.starts_at:
        outcome.problem = "time_missing"
        return None
    values: dict[str, object] = {
        "lead": outcome.lead,
        "calendar": found["calendar"],
        "resource": found["resource"],
        "appointment_type": found["type"],
        "slot_connect_id": facts.slot_id,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "booked_at": facts.made_at or now,
        "told": {"name": "" if _is_erased(outcome) else facts.label, "heard": True},
    }
    return _row(organisation, facts.connect_id, values, outcome)


def _row(
    organisation: Organisation, connect_id: str, values: dict[str, object], outcome: Outcome
) -> Booking | None:
    same = {"organisation": organisation, "connect_id": connect_id}
    try:
        with transaction.atomic():
            booking = Booking.objects.create(**same, **values)
    except IntegrityError:
        # The answer to our own call came at this very moment.
        return Booking.objects.filter(**same).first()
    outcome.changed.append("booking_new")
    return booking


def _bury(booking: Booking, *, at: datetime) -> bool:
    """Whether it stood. A write of ours that is deleting it names itself when it ends."""
    standing = Booking.objects.filter(pk=booking.pk, gone_at=None)
    return bool(standing.update(gone_at=at, gone_as=Gone.ELSEWHERE))


def _dropped(booking: Booking) -> None:
    availability.drop(
        booking.organisation,
        calendar_connect_id=booking.calendar.connect_id,
        starts_at=booking.starts_at,
    )


def _is_erased(outcome: Outcome) -> bool:
    """Of such a lead not even the name in the title of an appointment is kept."""
    return outcome.lead is not None and outcome.lead.erased_at is not None
