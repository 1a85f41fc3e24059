"""Taking over leads that Connect has already: thousands of them at once, without a call.

The same rows as ``lead_mirror.adopt`` makes of one lead, made in a handful of statements.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from bookingapp.domain import batches, lead_mirror
from bookingapp.domain.batches import Pushed
from bookingapp.domain.contact_fields import contact_of
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import guessing, reading, targets, understanding
from bookingapp.domain.imports.reading import Described, Known
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.lead_index import index_new, place_of
from bookingapp.domain.models import ImportRow, Lead, LeadEvent, LeadImport
from bookingapp.domain.policy import Policy, policy_of

logger = logging.getLogger(__name__)

# Rows in one transaction: nobody else waits for long.
CHUNK = 250
# Then the batch is looked at again: whether it was stopped, and whether its hand still holds.
CHUNKS = 8
Result = ImportRow.Result


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of one import have in common."""

    batch: LeadImport
    plan: Plan
    known: Known
    policy: Policy
    # Target to the key of the data that Connect has it under.
    keys: Mapping[str, str]


def push(batch: LeadImport, *, now: datetime) -> Pushed:
    """Take over the next rows. Call it with the batch in hand."""
    frame = _frame(batch)
    for _ in range(CHUNKS):
        if batches.is_stopped(batch) or not _try(frame, now=now):
            break
    return Pushed(more=batch.rows.filter(result=Result.NEW).exists())


def _frame(batch: LeadImport) -> _Frame:
    plan, policy = targets.plan_of(batch.mapping), policy_of(batch.organisation.settings)
    policy = policy.of_pool(batch.pool)
    known = understanding.known_of(batch.organisation, batch.pool)
    return _Frame(batch, plan, known, policy, guessing.keys_of(batch.headers, plan, policy))


def _try(frame: _Frame, *, now: datetime) -> int:
    """0 as well when one of its leads came in by another way at this very moment: next time it is
    known.
    """
    try:
        return _chunk(frame, CHUNK, now=now)
    except IntegrityError:
        return 0
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is: it must not hold up all other rows
        return _one(frame, now=now)


def _one(frame: _Frame, *, now: datetime) -> int:
    """Take over the next row alone; what is wrong with it for good is said at it."""
    try:
        return _chunk(frame, 1, now=now)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001
        # Only its kind: what it says may be a part of the row.
        extra = {"batch": str(frame.batch.pk), "error": type(error).__name__}
        logger.error("a row of an import failed", extra=extra)
        ahead = frame.batch.rows.filter(result=Result.NEW)
        first = ahead.order_by("number").values_list("number", flat=True)[:1]
        return ahead.filter(number__in=list(first)).update(
            result=Result.WRONG, problem={"row": "broken"}, lead=None
        )


@transaction.atomic
def _chunk(frame: _Frame, most: int, *, now: datetime) -> int:
    """Take over ``most`` rows; returns how many were looked at."""
    ahead = frame.batch.rows.filter(result=Result.NEW).select_for_update()
    rows = list(ahead.order_by("number")[:most])
    described = [(row, one) for row in rows if (one := _described(frame, row))]
    _find_known(frame, described)
    new: dict[str, Lead] = {}
    for row, one in described:
        if row.lead is None and one.connect_id in new:
            row.result, row.lead = Result.KNOWN, new[one.connect_id]
        elif row.lead is None:
            row.result, row.lead = Result.ADOPTED, _adopted(frame, one, new, now=now)
    _store(frame, list(new.values()), now=now)
    _keep(rows)
    # Of who was erased nothing is kept any more.
    erased = [row.pk for row in rows if row.lead is not None and row.lead.erased_at]
    ImportRow.objects.filter(pk__in=erased).update(cells=[])
    return len(rows)


def _described(frame: _Frame, row: ImportRow) -> Described | None:
    row.problem = {}
    try:
        return reading.read(
            row.cells, frame.plan, frame.batch.how, frame.known, width=len(frame.batch.headers)
        )
    except Invalid as error:
        row.result, row.problem = Result.WRONG, error.fields
        return None


def _find_known(frame: _Frame, described: list[tuple[ImportRow, Described]]) -> None:
    """What is here already stays as it is: what Connect told us may be newer than a file."""
    ids = [one.connect_id for _, one in described]
    leads = Lead.objects.filter(organisation=frame.batch.organisation, connect_id__in=ids)
    known = {lead.connect_id: lead for lead in leads}
    for row, one in described:
        row.lead = known.get(one.connect_id)
        if row.lead is not None:
            row.result, row.problem = Result.KNOWN, {"same": "here"}


def _adopted(frame: _Frame, one: Described, new: dict[str, Lead], *, now: datetime) -> Lead:
    if frame.policy.intent_key in one.data:
        # Perhaps one of ours whose answer was lost: that path knows it again.
        return lead_mirror.adopt(frame.batch.organisation, _told(frame, one), now=now)[0]
    lead = _lead(frame, one, now=now)
    new[one.connect_id] = lead
    return lead


def _told(frame: _Frame, one: Described) -> dict[str, Any]:
    """In the shape in which Connect answers leads (contract 5.2)."""
    told = {
        "id": one.connect_id,
        "tableId": frame.batch.pool.connect_id if frame.batch.pool else "",
        "leadStateId": one.state,
        "data": _data(frame, one),
        "customFieldData": one.custom_field_data,
        "interestedInAppointmentTypeId": one.interested_in,
        "followUpDate": one.follow_up_at.isoformat() if one.follow_up_at else "",
        "createdAt": one.created_at.isoformat() if one.created_at else "",
    }
    return {name: value for name, value in told.items() if value}


def _lead(frame: _Frame, one: Described, *, now: datetime) -> Lead:
    data = _data(frame, one)
    contact = contact_of(data, one.custom_field_data, frame.policy)
    return Lead(
        organisation=frame.batch.organisation,
        pool=frame.batch.pool,
        connect_id=one.connect_id,
        state_connect_id=one.state,
        board_state=one.state,
        name=contact.name,
        sort_name=place_of(frame.batch.organisation_id, contact.name),
        phone=contact.phone,
        email=contact.email,
        data=data,
        custom_field_data=one.custom_field_data,
        interested_in_connect_id=one.interested_in,
        follow_up_at=one.follow_up_at,
        created_at=one.created_at or now,
        known_at=now,
    )


def _data(frame: _Frame, one: Described) -> dict[str, Any]:
    """As Connect has it, as far as the file says."""
    texts = {
        "name": "" if one.first_name or one.last_name else one.contact.name,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "phone": one.contact.phone,
        "email": one.contact.email,
    }
    return {frame.keys[target]: text for target, text in texts.items() if text} | one.data


def _store(frame: _Frame, leads: list[Lead], *, now: datetime) -> None:
    Lead.objects.bulk_create(leads)
    index_new(leads, frame.policy)
    # As the mirror notes the first state that it sees.
    LeadEvent.objects.bulk_create(
        LeadEvent(
            lead=lead,
            at=now,
            kind=LeadEvent.Kind.STATE,
            source="import",
            details={"from": "", "to": lead.state_connect_id},
        )
        for lead in leads
        if lead.state_connect_id
    )


def _keep(rows: list[ImportRow]) -> None:
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["batch", "number"],
        update_fields=["result", "problem", "lead"],
    )
