"""Handing on what somebody has open: a colleague looks after it, the journal names who asked."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from bookingapp.domain import audit, needs_you
from bookingapp.domain.holding import held_by
from bookingapp.domain.models import Organisation, Write
from bookingapp.domain.models.batch import Batch
from bookingapp.domain.states import UNFINISHED, State

# Not finished, refused without anybody having seen it, or confirmed twice.
OPEN = Q(state__in=UNFINISHED) | Q(state=State.REFUSED, seen_at=None) | needs_you.TOLD_TWICE


def open_writes(organisation: Organisation, person: Any) -> QuerySet[Write]:
    """What this person has to look after here, whoever asked for it."""
    return Write.objects.filter(OPEN & held_by(person), organisation=organisation)


def has_anything_open(person: Any) -> bool:
    """Whether something in any organisation is this person's to look after."""
    mine = held_by(person)
    batches = (
        model._default_manager.filter(mine, ended_at=None) for model in Batch.__subclasses__()
    )
    return Write.objects.filter(OPEN & mine).exists() or any(found.exists() for found in batches)


def hand_on(organisation: Organisation, person: Any, to: Any, *, by: Any, now: datetime) -> int:
    """How many writes went to ``to``. Inside a transaction.

    A worker may move any of them meanwhile: whose they are is no part of how they stand.
    """
    mine = open_writes(organisation, person).select_related("organisation")
    found = list(mine.order_by("created_at", "pk"))
    for write in found:
        Write.objects.filter(pk=write.pk).update(handed_to=to)
        _note(write, person, to, by=by, now=now)
    _batches(organisation, person, to)
    for one in (person, to):
        transaction.on_commit(partial(needs_you.forget, one.pk))
    return len(found)


def _batches(organisation: Organisation, person: Any, to: Any) -> None:
    """What bulk moves and imports still open goes to ``to`` as well."""
    mine = held_by(person)
    for model in Batch.__subclasses__():
        rows = model._default_manager.filter(mine, organisation=organisation, ended_at=None)
        rows.update(handed_to=to)


def _note(write: Write, person: Any, to: Any, *, by: Any, now: datetime) -> None:
    audit.record(
        "write.handed_on",
        organisation=write.organisation,
        at=now,
        person=by,
        details={
            "write": str(write.pk),
            "lead": str(write.lead_id or ""),
            "state": str(write.state),
            "from": person.pk,
            "to": to.pk,
        },
    )
