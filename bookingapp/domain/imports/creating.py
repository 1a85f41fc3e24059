"""Creating the leads of an import at Connect, a few at a time, each as a write of its own."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from bookingapp.domain import batches, lead_creation, leads
from bookingapp.domain.batches import Pushed
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import reading, targets, understanding
from bookingapp.domain.imports.reading import Described, Known
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import ImportRow, Lead, LeadImport, LeadPool, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import TERMINAL, State

logger = logging.getLogger(__name__)
Result = ImportRow.Result


def push(batch: LeadImport, *, now: datetime) -> Pushed:
    """Ask for the next leads, as many as there is room for. Call it with the batch in hand."""
    pushed = Pushed()
    known = understanding.known_of(batch.organisation, batch.pool)
    ahead = ImportRow.objects.filter(batch=batch, result=Result.NEW)
    room = batches.room(writes_of(batch), places=batches.share(batch.organisation))
    for row in ahead.order_by("number")[:room]:
        if batches.is_stopped(batch):
            break
        _try(batch, row, known, pushed, now=now)
    pushed.more = ahead.exists()
    return pushed


def unfinished(batch: LeadImport) -> QuerySet[Write]:
    """What is on its way; what waits for a person holds up no end."""
    writes = Write.objects.filter(writes_of(batch)).exclude(state__in=TERMINAL)
    return writes.exclude(state__in=[State.STUCK, State.ASKING])


def writes_of(batch: LeadImport) -> Q:
    asked = ImportRow.objects.filter(batch=batch, result=Result.ASKED)
    return Q(pk__in=asked.values("write"))


def intent_of(batch: LeadImport, number: int) -> uuid.UUID:
    """The same for the same row, however often it is begun: it is one write."""
    return uuid.uuid5(batch.pk, str(number))


def _try(batch: LeadImport, row: ImportRow, known: Known, pushed: Pushed, *, now: datetime) -> None:
    """A fault of ours at one row must not hold up all others."""
    try:
        _begin(batch, row, known, pushed, now=now)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next row may be well
        # Only its kind: what it says may be a part of the row.
        extra = {"batch": str(batch.pk), "row": row.number, "error": type(error).__name__}
        logger.error("a row of an import failed", extra=extra)
        mine = ImportRow.objects.filter(pk=row.pk, result=Result.NEW)
        mine.update(result=Result.WRONG, problem={"row": "broken"}, lead=None)


@transaction.atomic
def _begin(
    batch: LeadImport, row: ImportRow, known: Known, pushed: Pushed, *, now: datetime
) -> None:
    # Taken at the row: what a dead hand had begun is not begun again.
    mine = ImportRow.objects.filter(pk=row.pk, result=Result.NEW)
    if not mine.update(result=Result.ASKED):
        return
    row.result, row.problem, row.lead = Result.ASKED, {}, None
    _take_turns(batch)
    try:
        described = _described(batch, row, known)
        same = _same(batch, described.contact)
        if same is None:
            _ask(batch, row, described, pushed, now=now)
        else:
            row.result, row.problem, row.lead = Result.KNOWN, {"same": "here"}, same
    except Invalid as error:
        row.result, row.problem = Result.WRONG, error.fields
    row.save(update_fields=["result", "problem", "lead", "write"])


def _take_turns(batch: LeadImport) -> None:
    """Two imports of one file at once: the second looks for a lead once that of the first is there.
    Not against rows that name the pool.
    """
    if batch.pool_id is not None:
        pools = LeadPool.objects.select_for_update(no_key=True).filter(pk=batch.pool_id)
        pools.values_list("pk").first()


def _ask(
    batch: LeadImport, row: ImportRow, described: Described, pushed: Pushed, *, now: datetime
) -> None:
    write, _ = lead_creation.ask(
        batch.organisation,
        batch.person,
        _new_lead(batch, described),
        intent=intent_of(batch, row.number),
        now=now,
    )
    batches.hand_over(batch, write)
    row.write, row.lead = write, write.lead
    pushed.opened.append(write.pk)


def _described(batch: LeadImport, row: ImportRow, known: Known) -> Described:
    """Read again: a type may be gone since the dry run."""
    plan = targets.plan_of(batch.mapping)
    return reading.read(row.cells, plan, batch.how, known, width=len(batch.headers))


def _same(batch: LeadImport, contact: Contact) -> Lead | None:
    """Looked for again: it may have come in since the dry run, by another import for example."""
    if targets.plan_of(batch.mapping).same == "create":
        return None
    return next(iter(leads.same_person(batch.organisation, contact, limit=1)), None)


def _new_lead(batch: LeadImport, described: Described) -> NewLead:
    policy = policy_of(batch.organisation.settings)
    parts = (
        (policy.first_name_keys, described.first_name),
        (policy.last_name_keys, described.last_name),
    )
    names = {keys[0]: text for keys, text in parts if keys and text}
    return NewLead(
        pool_pk=batch.pool_id or 0,
        contact=described.contact,
        data=names | described.data,
        custom_field_data=described.custom_field_data,
        interested_in=described.interested_in,
    )
