"""Asking for a cancel: held for the undo window, then the lead's state, then the delete."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookingapp.domain import changes, journal
from bookingapp.domain.errors import Invalid
from bookingapp.domain.kinds import plan
from bookingapp.domain.kinds.old_booking import keep
from bookingapp.domain.models import Booking, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Kind

LONGEST_REASON = 100
LONGEST_NOTE = 250


@dataclass(frozen=True, slots=True)
class AskedCancel:
    """``reason`` is one of the organisation's list; ``note`` is free text."""

    intent: uuid.UUID
    booking_pk: uuid.UUID
    reason: str
    note: str = ""


def ask(
    organisation: Organisation,
    person: Any,
    asked: AskedCancel,
    *,
    now: datetime,
    hold_seconds: float,
) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new.

    Nothing is sent for ``hold_seconds``. Raises changes.NoSuchBooking, Gone, BeingChanged,
    journal.IntentReused, or Invalid (codes by field).
    """
    if not asked.reason.strip():
        raise Invalid({"reason": "required"})
    booking = changes.find(organisation, asked.booking_pk)
    payload: dict[str, Any] = {
        "old": keep(booking),
        "zone": booking.calendar.zone,
        "reason": asked.reason.strip()[:LONGEST_REASON],
        "note": asked.note.strip()[:LONGEST_NOTE],
    }
    if state := _state_after(organisation, booking):
        payload["mark"] = {"to": state, "back": ""}
    request = journal.Request(
        organisation,
        Kind.CANCEL,
        asked.intent,
        person,
        payload,
        lead=booking.lead,
        about=booking,
        step=plan.cancel(marks="mark" in payload, ended={}),
        hold_seconds=hold_seconds,
    )
    return changes.open_change(request, now=now)


def _state_after(organisation: Organisation, booking: Booking) -> str:
    """The lead state to set first; empty when there is none to set, or the lead has it."""
    state = policy_of(organisation.settings).cancel_state
    lead = booking.lead
    if lead is None or not lead.connect_id or lead.state_connect_id == state:
        return ""
    return state
