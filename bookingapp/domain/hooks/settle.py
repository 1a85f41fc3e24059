"""Writes that wait for evidence, settled by what RocketLead tells (design 4.4): each is a move, so
whoever else decides at the same moment decides alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from bookingapp.domain import heard, journal
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.telling import BookingFacts, Telling
from bookingapp.domain.kinds import by_event, kind_of, plan
from bookingapp.domain.models import Booking, Lead, Write
from bookingapp.domain.states import Kind, State

# Not while a worker is at it: its answer tells more, and without one it looks here itself.
_OPEN = [State.STUCK, State.CHECKING, State.WAITING, State.DUE, State.ASKING]
# What may be repeated is sent again by itself; only these need help.
_REPEATED_OPEN = [State.STUCK, State.CHECKING]
_TAKES_SLOT = ["", plan.BOOK, plan.PUT_BACK]

Settle = Callable[[Write], Sequence[UUID] | None]


def creation(lead: Lead, telling: Telling, *, now: datetime, outcome: Outcome) -> None:
    """The creation that made this lead, by the key that its data carries back to us."""
    if lead.intent is None:
        return
    wanted = Write.objects.filter(kind=Kind.CREATE_LEAD, lead=lead, state__in=_OPEN)

    def settle(write: Write) -> Sequence[UUID]:
        return by_event.created(kind_of(write.kind), write, heard=_note(telling, now), now=now)

    _each(wanted.filter(intent=lead.intent), settle, outcome)


def move(lead: Lead, telling: Telling, *, now: datetime, outcome: Outcome) -> None:
    """The move of a lead that nobody could say had worked: the lead is there."""
    told = telling.lead
    if told is None or told.updated_at is None or told.state_id != lead.state_connect_id:
        return
    since = told.updated_at + heard.CLOCKS
    wanted = lead.writes.filter(
        kind=Kind.MOVE_LEAD, state__in=_REPEATED_OPEN, payload__to=told.state_id
    )

    def settle(write: Write) -> Sequence[UUID] | None:
        last = write.tries.last()
        if last is None or last.started_at > since:
            return None
        return by_event.finish(kind_of(write.kind), write, None, heard=_note(telling, now), now=now)

    _each(wanted, settle, outcome)


def booking(facts: BookingFacts, telling: Telling, *, now: datetime, outcome: Outcome) -> None:
    """The booking, or the step of a move, that made this appointment."""
    if outcome.lead is None:
        return
    wanted = Write.objects.filter(
        lead=outcome.lead, kind__in=[Kind.BOOK, Kind.RESCHEDULE], step__in=_TAKES_SLOT
    )

    def settle(write: Write) -> Sequence[UUID] | None:
        if heard.attempt_for(write, facts, heard_at=now) is None:
            return None
        value = by_event.value_of(write, facts)
        return by_event.finish(
            kind_of(write.kind), write, value, heard=_note(telling, now), now=now
        )

    _each(wanted.filter(state__in=_OPEN), settle, outcome)


def deletion(booking: Booking, telling: Telling, *, now: datetime, outcome: Outcome) -> None:
    """The delete of this appointment that nobody could say had worked."""
    wanted = booking.changes.filter(state__in=_REPEATED_OPEN, step=plan.DELETE)

    def settle(write: Write) -> Sequence[UUID]:
        return by_event.finish(kind_of(write.kind), write, None, heard=_note(telling, now), now=now)

    _each(wanted, settle, outcome)


def _each(wanted: QuerySet[Write], settle: Settle, outcome: Outcome) -> None:
    for pk in list(wanted.order_by("created_at").values_list("pk", flat=True)):
        if outcome.write is None:
            _one(pk, settle, outcome)


def _one(pk: UUID, settle: Settle, outcome: Outcome) -> None:
    related = ("organisation", "lead", "person", "about")
    try:
        with transaction.atomic():
            # The write first, as a worker does it: neither can wait for the other.
            locked = Write.objects.select_for_update(of=("self",)).select_related(*related)
            write = locked.get(pk=pk)
            freed = settle(write) if write.state in _OPEN else None
    except journal.Lost:
        return
    if freed is not None:
        outcome.settled(write, list(freed))


def _note(telling: Telling, now: datetime) -> dict[str, Any]:
    return {"event": telling.name, "at": now.isoformat()}
