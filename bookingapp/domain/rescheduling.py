"""Asking to move a booking: Connect has no call for it, so it is a write of several steps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bookingapp.domain import catalogue, changes, journal, leeway, slotfill
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.kinds import booking_slot, collisions, plan
from bookingapp.domain.kinds.old_booking import keep
from bookingapp.domain.models import Booking, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import ANYONE, Slot, SlotRef, is_open
from bookingapp.domain.states import Kind


@dataclass(frozen=True, slots=True)
class AskedMove:
    """Where a person wants a booking to go; ``ref`` with resource 0 is anyone."""

    intent: uuid.UUID
    booking_pk: uuid.UUID
    calendar_pk: int
    type_pk: int
    ref: SlotRef
    anyone: bool = False


def ask(
    organisation: Organisation,
    person: Any,
    asked: AskedMove,
    *,
    now: datetime,
    hold_seconds: float = 0.0,
) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new.

    Raises changes.NoSuchBooking, Gone, BeingChanged, SlotGone, journal.IntentReused, or Invalid
    (codes by field).
    """
    booking = changes.find(organisation, asked.booking_pk)
    request = journal.Request(
        organisation,
        Kind.RESCHEDULE,
        asked.intent,
        person,
        _payload(organisation, booking, asked),
        lead=booking.lead,
        about=booking,
        hold_seconds=hold_seconds,
    )
    if changes.same_intent(organisation, Kind.RESCHEDULE, asked.intent):
        return journal.find_intent(request), False
    try:
        changes.check(booking)
    except changes.BeingChanged as error:
        return changes.same_change(error, request), False
    # Reading availability may call Connect, so it comes before the transaction.
    slot, as_of = _slot(request, booking, now=now)
    payload = booking_slot.with_slot(request.payload, slot, as_of=as_of)
    payload["order"] = _order(organisation, booking, slot, now=now)
    if mark := _mark(organisation, booking):
        payload["mark"] = mark
    step = plan.reschedule(payload["order"], marks="mark" in payload, ended={})
    return changes.open_change(replace(request, payload=payload, step=step), now=now)


def would_free(booking: Booking, slot: Slot, buffer_minutes: int) -> bool:
    """Whether ``slot`` is closed only because this very booking, or the buffer after it, takes its
    last seat: then it may be chosen as the place to move it to.
    """
    return collisions.in_the_way(keep(booking), slot, buffer_minutes=buffer_minutes)


def _payload(organisation: Organisation, booking: Booking, asked: AskedMove) -> dict[str, Any]:
    snapshot = catalogue.snapshot(organisation)
    calendar = snapshot.calendar(asked.calendar_pk)
    kind_of_appointment = snapshot.type(asked.type_pk)
    if calendar is None or kind_of_appointment is None:
        raise SlotGone
    policy = policy_of(organisation.settings)
    anyone = leeway.allowed(policy, anyone=asked.anyone)[0] or asked.ref.resource_pk == ANYONE
    resource = snapshot.resource(asked.ref.resource_pk)
    if resource is None and not anyone:
        # Whoever it was is not known here: nobody else was asked for.
        raise SlotGone
    old = keep(booking)
    return {
        "calendar_id": calendar.connect_id,
        "type_id": kind_of_appointment.connect_id,
        "zone": calendar.zone,
        "wish": {
            "starts_at": asked.ref.starts_at.isoformat(),
            "resource_id": resource.connect_id if resource else "",
            "anyone": anyone,
            "nearby": False,
        },
        "buffer_minutes": kind_of_appointment.buffer_minutes or 0,
        "name": old["name"],
        "old": old,
    }


def _slot(
    request: journal.Request, booking: Booking, *, now: datetime
) -> tuple[Slot, datetime | None]:
    """The slot to move to and when it was read; the place it has now is none."""
    wish, there, as_of = booking_slot.offered(request.organisation, request.payload, now=now)
    elsewhere = [slot for slot in there if not _is_here(booking, slot)]
    if not elsewhere:
        raise Invalid({"slot": "same"})
    buffer = request.payload["buffer_minutes"]
    freed = [slot for slot in elsewhere if would_free(booking, slot, buffer)]
    open_one = slotfill.next_candidate(wish, elsewhere, (), now)
    return open_one or next(iter(freed or elsewhere)), as_of


def _is_here(booking: Booking, slot: Slot) -> bool:
    same_place = slot.resource_id == booking.resource.connect_id
    same_type = slot.appointment_type_id in {None, booking.appointment_type.connect_id}
    return same_place and same_type and slot.starts_at == booking.starts_at


def _order(organisation: Organisation, booking: Booking, slot: Slot, *, now: datetime) -> str:
    if is_open(slot, now):
        return policy_of(organisation.settings).reschedule_order
    buffer = booking.appointment_type.buffer_minutes or 0
    return plan.DELETE_FIRST if would_free(booking, slot, buffer) else plan.BOOK_FIRST


def _mark(organisation: Organisation, booking: Booking) -> dict[str, str]:
    """The lead's state for the time of the move, and its own to set back; only when we know it."""
    state = policy_of(organisation.settings).transient_state
    lead = booking.lead
    if not state or lead is None or not lead.connect_id:
        return {}
    own = lead.state_connect_id
    return {"to": state, "back": own} if own and own != state else {}
