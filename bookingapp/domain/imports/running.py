"""Running an import: beginning it, pushing it on, deleting it. Stopping is that of all batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import audit, batches, gateway
from bookingapp.domain.batches import Pushed
from bookingapp.domain.bulk_moves import TYPED_FROM
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import adopting, creating
from bookingapp.domain.imports.progress import events_ahead
from bookingapp.domain.models import ImportRow, LeadImport, Organisation


def find(organisation: Organisation, pk: UUID) -> LeadImport | None:
    """The import, if it is the organisation's."""
    mine = LeadImport.objects.filter(organisation=organisation, pk=pk)
    return mine.select_related("organisation", "person", "pool").first()


def start(
    batch: LeadImport, person: Any, *, expected: int, typed: int | None, now: datetime
) -> bool:
    """Whether it begins by this. ``expected``: rows the person was told of; ``typed``: the number
    of automation events, asked for from 25 up.

    Raises Invalid: "rows" none, unchecked or changed; "typed" wrong.
    """
    if batch.due_at is not None:
        return False
    _check(batch, expected, typed)
    mine = LeadImport.objects.filter(pk=batch.pk, due_at=None, ended_at=None)
    if not mine.update(due_at=now, stopped_at=None):
        return False
    details = {"batch": str(batch.pk), "how": batch.how, "rows": expected}
    audit.record(
        "leadimport.started",
        organisation=batch.organisation,
        at=now,
        person=person,
        details=details,
    )
    batch.refresh_from_db()
    return True


def push(batch: LeadImport, *, now: datetime) -> Pushed:
    """Go on with it; end it when nothing is left."""
    if is_paused(batch) or not batches.take(batch, now=now):
        return Pushed()
    pushed, ended_at = Pushed(), None
    hand = creating.push if batch.how == LeadImport.How.CREATE else adopting.push
    try:
        pushed = hand(batch, now=now)
        if not pushed.more and not creating.unfinished(batch).exists():
            ended_at = now
    finally:
        batches.let_go(batch, ended_at=ended_at)
    return pushed


@transaction.atomic
def delete(batch: LeadImport, person: Any, *, now: datetime) -> None:
    """Its rows go, with what the file said of people; the leads stay.

    Raises Invalid ("import" running) while it may still begin something.
    """
    fresh = LeadImport.objects.select_for_update().filter(pk=batch.pk).first()
    if fresh is None:
        return
    if is_running(fresh):
        raise Invalid({"import": "running"})
    details = {"batch": str(batch.pk), "rows": fresh.rows.count()}
    fresh.delete()
    audit.record(
        "leadimport.deleted",
        organisation=batch.organisation,
        at=now,
        person=person,
        details=details,
    )


def is_running(batch: LeadImport) -> bool:
    """Begun, not stopped, not at its end."""
    return batch.due_at is not None and batch.ended_at is None and batch.stopped_at is None


def is_paused(batch: LeadImport) -> bool:
    """Whether it waits for a token; what is only taken over calls nobody."""
    if batch.how != LeadImport.How.CREATE or not batch.organisation.paused_reason:
        return False
    return not gateway.has_token(batch.organisation, connect.Scope.WRITE)


def _check(batch: LeadImport, expected: int, typed: int | None) -> None:
    if not batch.mapping:
        raise Invalid({"rows": "unchecked"})
    ahead = batch.rows.filter(result=ImportRow.Result.NEW).count()
    if not ahead:
        raise Invalid({"rows": "none"})
    if ahead != expected:
        raise Invalid({"rows": "changed"})
    events = events_ahead(batch)
    if events >= TYPED_FROM and typed != events:
        raise Invalid({"typed": "wrong"})
