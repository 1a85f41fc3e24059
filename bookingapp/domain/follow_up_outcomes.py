"""What became of a call with a lead: kept on record here; what it changes is asked of Connect."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from bookingapp.domain import follow_ups, lead_edits, lead_moves, undo
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.lead_edits import Path
from bookingapp.domain.models import Lead, LeadEvent, Organisation, Write
from bookingapp.domain.settling import AlreadySettled

LONGEST_NOTE = 4000
DATE = "follow_up_at"


class Outcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"  # to be called again, ``until`` says when
    BOOKED = "booked"
    MOVED = "moved"  # to another lead state


@dataclass(frozen=True, slots=True)
class AskedOutcome:
    """``seen``: the newest outcome (key of its event, 0 for none) and ``seen_date``: the follow-up
    date that the form showed; None for either: whatever there is.
    """

    intent: uuid.UUID
    outcome: Outcome
    until: datetime | None = None
    to_state: str = ""
    note: str = ""
    seen: int | None = None
    seen_date: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    event: LeadEvent
    writes: list[Write]


class HandledMeanwhile(DomainError):
    """Somebody else has noted an outcome since the form was shown; nothing was taken down."""

    code = "handled_meanwhile"

    def __init__(self, event: LeadEvent) -> None:
        super().__init__("a colleague has handled this lead meanwhile")
        self.event = event


@transaction.atomic
def record(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    asked: AskedOutcome,
    *,
    now: datetime,
    hold_seconds: float,
    may_cross: bool = False,
) -> Recorded:
    """Keep the outcome and ask for what it changes, held for the undo window; the same intent is
    one outcome.

    Raises HandledMeanwhile, lead_edits.EditedMeanwhile (another date was set meanwhile), Invalid
    for "lead" (not_created), "at" (required) and "state" (choose, same, and see lead_moves.ask).
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if known := _same_intent(lead, asked.intent):
        return Recorded(known, [])
    if not lead.connect_id:
        raise Invalid({"lead": "not_created"})
    _expect_unhandled(lead, asked)
    moves = _move(
        organisation,
        person,
        lead,
        asked,
        now=now,
        hold_seconds=hold_seconds,
        may_cross=may_cross,
    )
    dates = _date(organisation, person, lead, asked, now=now, hold_seconds=hold_seconds)
    writes = [write for write in (dates, moves) if write]
    return Recorded(_kept(lead, person, asked, writes, now), writes)


def set_date(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    at: datetime | None,
    *,
    intent: uuid.UUID,
    now: datetime,
    hold_seconds: float,
    seen_date: str | None = None,
) -> Write | None:
    """Set the follow-up date (aware) or clear it; None when it is so already. Raises Invalid,
    lead_edits.EditedMeanwhile, journal.IntentReused.
    """
    seen: dict[Path, Any] | None = (
        {(DATE, ""): seen_date or None} if seen_date is not None else None
    )
    return lead_edits.ask(
        organisation,
        person,
        lead,
        {DATE: at},
        intent=intent,
        now=now,
        seen=seen,
        hold_seconds=hold_seconds,
    )


def take_back(event: LeadEvent, person: Any, *, now: datetime) -> None:
    """As if it had not been noted: what is still held is not sent. Raises AlreadySettled when it is
    too late for that.
    """
    writes = list(Write.objects.filter(pk__in=event.details.get("writes", [])))
    undone = 0
    for write in writes:
        try:
            undo.undo(write, person=person, now=now)
        except AlreadySettled:
            continue
        undone += 1
    if writes and not undone:
        raise AlreadySettled
    event.details = {**event.details, "undone": now.isoformat()}
    event.save(update_fields=["details"])


def newest(lead: Lead) -> LeadEvent | None:
    """The newest outcome that counts, with its person."""
    events = LeadEvent.objects.filter(lead=lead, kind=LeadEvent.Kind.OUTCOME)
    return follow_ups.counting(events).select_related("person").order_by("-at", "-pk").first()


def not_reached_in_a_row(events: list[LeadEvent]) -> int:
    """How often the lead was not reached since it was last; ``events`` the newest first. Pure."""
    found = 0
    for event in events:
        if event.details.get("outcome") != Outcome.NOT_REACHED:
            break
        found += 1
    return found


def _same_intent(lead: Lead, intent: uuid.UUID) -> LeadEvent | None:
    events = LeadEvent.objects.filter(lead=lead, kind=LeadEvent.Kind.OUTCOME)
    return events.filter(details__intent=str(intent)).first()


def _expect_unhandled(lead: Lead, asked: AskedOutcome) -> None:
    if asked.seen is None:
        return
    last = newest(lead)
    if last is not None and last.pk != asked.seen:
        raise HandledMeanwhile(last)


def _move(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    asked: AskedOutcome,
    *,
    now: datetime,
    hold_seconds: float,
    may_cross: bool,
) -> Write | None:
    if asked.outcome != Outcome.MOVED:
        return None
    if asked.to_state in {"", lead.board_state}:
        raise Invalid({"state": "same" if asked.to_state else "choose"})
    return lead_moves.ask(
        organisation,
        person,
        lead,
        asked.to_state,
        intent=uuid.uuid5(asked.intent, "move"),
        now=now,
        hold_seconds=hold_seconds,
        may_cross=may_cross,
    )


def _date(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    asked: AskedOutcome,
    *,
    now: datetime,
    hold_seconds: float,
) -> Write | None:
    """A new date when the lead is to be called again, none in every other case."""
    again = asked.outcome == Outcome.NOT_REACHED
    if again and asked.until is None:
        raise Invalid({"at": "required"})
    return set_date(
        organisation,
        person,
        lead,
        asked.until if again else None,
        intent=uuid.uuid5(asked.intent, "date"),
        now=now,
        hold_seconds=hold_seconds,
        seen_date=asked.seen_date,
    )


def _kept(
    lead: Lead, person: Any, asked: AskedOutcome, writes: list[Write], now: datetime
) -> LeadEvent:
    details: dict[str, Any] = {
        "outcome": asked.outcome.value,
        "until": asked.until.isoformat() if asked.until else None,
        "intent": str(asked.intent),
        "writes": [str(write.pk) for write in writes],
    }
    if asked.outcome == Outcome.MOVED:
        details["to"] = asked.to_state
    return LeadEvent.objects.create(
        lead=lead,
        at=now,
        kind=LeadEvent.Kind.OUTCOME,
        person=person,
        source="person",
        # What brings the lead back to the queue when it is undone: its date, else its move.
        write=writes[0] if writes else None,
        text=asked.note.replace("\x00", "").strip()[:LONGEST_NOTE],
        details=details,
    )
