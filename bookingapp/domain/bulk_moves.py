"""Moving many leads at once: the same move as of one lead, opened a few at a time."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, Q, QuerySet

from bookingapp import connect
from bookingapp.domain import audit, batches, gateway, lead_moves
from bookingapp.domain.batches import Pushed
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import (
    BulkMove,
    BulkMoveRow,
    Lead,
    LeadPool,
    LeadState,
    Organisation,
    Write,
)
from bookingapp.domain.states import TERMINAL, State

logger = logging.getLogger(__name__)

MOST = 5000
# From so many events on, their number is to be typed.
TYPED_FROM = 25


@dataclass(frozen=True, slots=True)
class AskedBulk:
    """``expected``: how many events the person was told of; ``typed``: the number they typed."""

    intent: uuid.UUID
    to_state: str
    leads: QuerySet[Lead]
    expected: int
    typed: int | None = None
    pool: LeadPool | None = None
    chosen_by: dict[str, Any] | None = None


def moving(leads: QuerySet[Lead], to_state: str) -> QuerySet[Lead]:
    """Those of ``leads`` that a move to ``to_state`` would change: one event each (6.1). One that
    is there, but on its way elsewhere, is among them.
    """
    known = leads.exclude(connect_id="").filter(never_created=False)
    return known.exclude(state_connect_id=to_state, board_state=to_state)


@transaction.atomic
def ask(
    organisation: Organisation, person: Any, asked: AskedBulk, *, now: datetime, hold_seconds: float
) -> tuple[BulkMove, bool]:
    """The bulk move of this intent, and whether it is new; it begins when the undo window ends.

    Raises Invalid: "state" unknown, "leads" none, too_many, changed (not as many as the person was
    told), "typed" wrong.
    """
    known = BulkMove.objects.filter(organisation=organisation, intent=asked.intent)
    if bulk := known.first():
        return bulk, False
    pks = _checked(organisation, asked)
    try:
        with transaction.atomic():
            bulk = BulkMove.objects.create(
                organisation=organisation,
                person=person,
                intent=asked.intent,
                pool=asked.pool,
                to_state=asked.to_state,
                chosen_by=asked.chosen_by or {},
                asked_at=now,
                due_at=now + timedelta(seconds=hold_seconds),
            )
    except IntegrityError:
        return known.get(), False
    rows = [BulkMoveRow(bulk=bulk, lead_id=pk) for pk in pks]
    BulkMoveRow.objects.bulk_create(rows, batch_size=500)
    details = {"batch": str(bulk.pk), "leads": len(pks), "to": asked.to_state}
    audit.record(
        "bulkmove.asked", organisation=organisation, at=now, person=person, details=details
    )
    return bulk, True


def undo(bulk: BulkMove, person: Any, *, now: datetime) -> bool:
    """Whether nothing of it was begun and nothing will be."""
    mine = BulkMove.objects.filter(pk=bulk.pk, ended_at=None).filter(
        Q(lease_until=None) | Q(lease_until__lte=now)
    )
    untouched = mine.exclude(rows__begun_at__isnull=False)
    if not untouched.update(stopped_at=now, ended_at=now):
        return False
    details = {"batch": str(bulk.pk)}
    audit.record(
        "bulkmove.undone", organisation=bulk.organisation, at=now, person=person, details=details
    )
    return True


def push(bulk: BulkMove, *, now: datetime) -> Pushed:
    """Begin the next leads of it, as many as there is room for; end it when nothing is left."""
    if is_paused(bulk.organisation) or not batches.take(bulk, now=now):
        return Pushed()
    pushed, ended_at = Pushed(), None
    try:
        places = batches.share(bulk.organisation)
        room = batches.room(Q(bulk_rows__bulk=bulk), places=places)
        ahead = BulkMoveRow.objects.filter(bulk=bulk, begun_at=None).select_related("lead")
        for row in ahead.order_by("pk")[:room]:
            if batches.is_stopped(bulk):
                break
            _try(bulk, row, pushed, now=now)
        pushed.more = ahead.exists()
        if not pushed.more and not _unfinished(bulk).exists():
            ended_at = now
    finally:
        batches.let_go(bulk, ended_at=ended_at)
    return pushed


def _checked(organisation: Organisation, asked: AskedBulk) -> list[uuid.UUID]:
    states = LeadState.objects.filter(organisation=organisation, gone_at=None)
    if not states.filter(connect_id=asked.to_state).exists():
        raise Invalid({"state": "unknown"})
    leads = moving(asked.leads.filter(organisation=organisation), asked.to_state)
    pks = list(leads.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not pks:
        raise Invalid({"leads": "none"})
    if len(pks) > MOST:
        raise Invalid({"leads": "too_many"})
    if len(pks) != asked.expected:
        raise Invalid({"leads": "changed"})
    if len(pks) >= TYPED_FROM and asked.typed != len(pks):
        raise Invalid({"typed": "wrong"})
    return pks


def is_paused(organisation: Organisation) -> bool:
    """Whether moves wait for a token; that a wider one is missing holds up none."""
    needed = connect.Scope.WRITE
    return bool(organisation.paused_reason) and not gateway.has_token(organisation, needed)


def _try(bulk: BulkMove, row: BulkMoveRow, pushed: Pushed, *, now: datetime) -> None:
    """A fault of ours at one lead must not hold up all others."""
    try:
        _begin(bulk, row, pushed, now=now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("a row of a bulk move failed", extra={"row": row.pk})
        BulkMoveRow.objects.filter(pk=row.pk).update(begun_at=now, problem="broken")


@transaction.atomic
def _begin(bulk: BulkMove, row: BulkMoveRow, pushed: Pushed, *, now: datetime) -> None:
    # Taken at the row: a push that a dead hand left half done begins none twice.
    # And not once it was stopped, however late this hand comes.
    running = BulkMove.objects.filter(pk=bulk.pk, stopped_at=None)
    mine = BulkMoveRow.objects.filter(Exists(running), pk=row.pk, begun_at=None)
    if not mine.update(begun_at=now):
        return
    write, problem = None, "there"
    try:
        write = _move(bulk, row.lead, now=now)
    except Invalid as error:
        problem = next(iter(error.fields.values()))
    BulkMoveRow.objects.filter(pk=row.pk).update(write=write, problem="" if write else problem)
    if write is not None:
        batches.hand_over(bulk, write)
        pushed.opened.append(write.pk)


def _move(bulk: BulkMove, lead: Lead, *, now: datetime) -> Write | None:
    try:
        return _ask(bulk, lead, now=now)
    except Invalid as error:
        if "just_sent" not in error.fields.values():
            raise
    # A worker took what this person held of the lead; now it is on its way, and this comes after.
    return _ask(bulk, lead, now=now)


def _ask(bulk: BulkMove, lead: Lead, *, now: datetime) -> Write | None:
    return lead_moves.ask(
        bulk.organisation,
        bulk.person,
        lead,
        bulk.to_state,
        intent=uuid.uuid5(bulk.pk, str(lead.pk)),
        now=now,
        hold_seconds=0.0,
        may_cross=True,
    )


def _unfinished(bulk: BulkMove) -> QuerySet[Write]:
    rows = Write.objects.filter(bulk_rows__bulk=bulk).exclude(state__in=TERMINAL)
    return rows.exclude(state__in=[State.STUCK, State.ASKING])
