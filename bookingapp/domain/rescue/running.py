"""Running a rescue: the moves that leads agreed to are asked for, all at once; and stopping it.

What was agreed counts for one time only. Where its slot is gone, another resource at the same time
may be taken; any other time is a new question to the lead (design law 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp.domain import catalogue, changes, journal, rescheduling
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.kinds import kind_of
from bookingapp.domain.kinds.finishing import ended_of
from bookingapp.domain.models import Rescue, RescueRow, Write
from bookingapp.domain.rescue import intents, proposing, standing
from bookingapp.domain.rescue.offers import Offers
from bookingapp.domain.rescue.rows import offer_of, rows_of
from bookingapp.domain.rescue.seats import Seats
from bookingapp.domain.slots import SlotRef, is_open
from bookingapp.domain.states import Reason, State

# All are written down before the first is sent: each write that ends changes availability, and what
# comes after it would have to ask Connect again. Should we die meanwhile, they go by themselves.
OPENING_SECONDS = 30.0
# Nothing of these was sent while they have no attempt.
NOT_BEGUN = (State.DUE, State.WAITING, State.HELD)


@dataclass
class Ran:
    """``opened``: writes to wake. ``ask_again``: rows whose lead must be asked about another time.
    ``failed``: rows that could not be asked for.
    """

    opened: list[UUID] = field(default_factory=list)
    ask_again: int = 0
    failed: int = 0


def run(rescue: Rescue, person: Any, *, now: datetime) -> Ran:
    """Ask for the move of every agreed row that is not on its way: the first time and on resuming.

    Rows that were undone, refused or never asked for are asked for; the same intent is one write.
    """
    intents.adopt(rescue)
    Rescue.objects.filter(pk=rescue.pk).update(stopped_at=None)
    offers, seats, ran = Offers(rescue, now), Seats(), Ran()
    held: list[Write] = []
    for row in rows_of(rescue):
        if not standing.may_open(row, now):
            continue
        if _is_stopped(rescue):
            break
        if not _has_place(rescue, row, offers, seats, now=now):
            ran.ask_again += 1
            continue
        if write := _open(rescue, row, person, ran, now=now):
            held.append(write)
    ran.opened = [write.pk for write in held if _let_go(write, now=now)]
    return ran


def stop(rescue: Rescue, person: Any, *, now: datetime) -> list[UUID]:
    """Undo what no worker has begun, held cancels included; what is on its way finishes.

    Returns the writes that may go on because of it.
    """
    # First of all: whoever is opening writes at this moment looks here after each of them.
    Rescue.objects.filter(pk=rescue.pk).update(stopped_at=now)
    intents.adopt(rescue)
    freed: list[UUID] = []
    waiting = Write.objects.filter(rescue_rows__rescue=rescue, state__in=NOT_BEGUN, attempts=None)
    for write in waiting.distinct():
        if ended_of(write):
            # No attempt, but a person said that a step of it has happened: it must be finished.
            continue
        freed += _undo(write, person, now=now)
    return freed


def _has_place(
    rescue: Rescue, row: RescueRow, offers: Offers, seats: Seats, *, now: datetime
) -> bool:
    """Whether the row may be moved to the slot it keeps; it gets a fresh one if that is gone."""
    if _is_free(row, offers, seats, now):
        return True
    if offers.unread:
        # Nobody can tell: the worker looks again before it sends.
        return offer_of(row) is not None
    proposing.propose_again(rescue, row, now=now)
    # Still agreed only when the time is the same.
    return row.answer == RescueRow.Answer.AGREED and _is_free(row, offers, seats, now)


def _is_free(row: RescueRow, offers: Offers, seats: Seats, now: datetime) -> bool:
    fresh = proposing.as_it_is_now(offers, row)
    if fresh is None or not is_open(fresh.slot, now) or not seats.fits(fresh):
        return False
    seats.take(fresh)
    return True


def _open(rescue: Rescue, row: RescueRow, person: Any, ran: Ran, *, now: datetime) -> Write | None:
    """The row's write, held back; None when there is nothing (more) to let go."""
    try:
        write, _ = rescheduling.ask(
            rescue.organisation,
            person,
            _asked(rescue, row),
            now=now,
            hold_seconds=OPENING_SECONDS,
        )
    except journal.IntentReused as reused:
        # Somebody else ran it at the same moment; theirs is the one.
        write = reused.write
    except (changes.Gone, changes.BeingChanged):
        # The row shows that by itself.
        return None
    except (SlotGone, Invalid):
        ran.failed += 1
        return None
    RescueRow.objects.filter(pk=row.pk).update(write=write)
    if _is_stopped(rescue):
        _undo(write, person, now=now)
        return None
    return write


def _let_go(write: Write, *, now: datetime) -> bool:
    """Whether it may be sent from now on; not when somebody has stopped it meanwhile."""
    if write.state != State.HELD:
        return False
    try:
        journal.move(write, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    except journal.Lost:
        return False
    return True


def _asked(rescue: Rescue, row: RescueRow) -> rescheduling.AskedMove:
    offer = offer_of(row)
    snapshot = catalogue.snapshot(rescue.organisation)
    resource = snapshot.resource_by_connect_id(offer.slot.resource_id) if offer else None
    if offer is None or resource is None:
        raise SlotGone
    return rescheduling.AskedMove(
        intent=intents.of_move(row),
        booking_pk=row.booking_id,
        calendar_pk=rescue.calendar_id,
        type_pk=row.booking.appointment_type_id,
        ref=SlotRef(offer.slot.starts_at, resource.pk),
    )


def _undo(write: Write, person: Any, *, now: datetime) -> list[UUID]:
    """Unless a worker was faster: then it finishes."""
    try:
        with transaction.atomic():
            journal.move(write, State.UNDONE, reason=Reason.CHANGED_MIND, person=person, now=now)
            return list(kind_of(write.kind).after_end(write, now=now))
    except journal.Lost:
        return []


def _is_stopped(rescue: Rescue) -> bool:
    return Rescue.objects.filter(pk=rescue.pk, stopped_at__isnull=False).exists()
