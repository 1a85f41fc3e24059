"""Asking for a bulk move: which leads, what it sets off, and that it is meant."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookingapp.domain import bulk_moves, pool_table, undo
from bookingapp.domain.bulk_moves import MOST, TYPED_FROM, AskedBulk
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import BulkMove, Lead
from bookingapp.tasks.batches import wake_batch
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import bulk_words, lead_card, lead_columns
from bookingapp.web.views import bulk_strip, table_desk
from bookingapp.web.views.table_desk import TableDesk

CONFIRM = "bulk/confirm.html"
# Leads named one by one; the rest is a number.
NAMED = 12
# As many as one form may bring.
MOST_CHOSEN = 1000


@dataclass
class Wanted:
    """``keys`` of the chosen leads; none of them means all that the filter finds."""

    desk: TableDesk
    to_state: str
    keys: list[UUID]
    is_all: bool
    errors: dict[str, Any] = field(default_factory=dict)

    @property
    def leads(self) -> QuerySet[Lead]:
        if self.is_all:
            return self.desk.asked.leads()
        return pool_table.chosen(self.desk.asked, self.keys)


def wanted(request: StaffRequest, pk: int) -> Wanted:
    """From an address or a form. Raises Http404 for a pool of somebody else."""
    given = request.POST if request.method == "POST" else request.GET
    desk = table_desk.of(request, pk, given)
    keys = [key for key in map(_uuid, given.getlist("lead")[:MOST_CHOSEN]) if key]
    to_state = given.get("to", "").replace("\x00", "")[:200]
    return Wanted(desk, to_state, keys, given.get("which") == "all")


def confirm(request: StaffRequest, asked: Wanted, *, status: int = 200) -> HttpResponse:
    """What it would do, before anything is asked for."""
    desk, names = asked.desk, bulk_strip.state_names(request.organisation)
    total = asked.leads.count()
    moving = bulk_moves.moving(asked.leads, asked.to_state)
    count = moving.count()
    shown = list(moving.order_by("sort_name", "pk")[:NAMED])
    context = {
        "asked": asked,
        "desk": desk,
        "state": (names.get(asked.to_state) or asked.to_state)[:60],
        "count": count,
        "total": total,
        "staying": total - count,
        "events": bulk_words.events(count),
        "has_to_type": count >= TYPED_FROM,
        "is_too_many": count > MOST,
        "most": MOST,
        "sources": _sources(moving, names),
        "named": [(lead.pk, lead_card.name_of(lead)[:60]) for lead in shown],
        "more": max(count - len(shown), 0),
        "intent": uuid.uuid4(),
        "typed": request.POST.get("typed", "")[:10],
        "seconds": undo.window_of(request.user),
        "back": f"{desk.address('pool-table')}?{desk.query()}",
        "filter": {**desk.filter.as_query(), "sort": desk.filter.sort},
    }
    return render(request, CONFIRM, context, status=status)


def ask(request: StaffRequest, asked: Wanted) -> HttpResponse:
    """The bulk move, or what is wrong with it."""
    intent = _uuid(request.POST.get("intent", ""))
    if intent is None:
        asked.errors["form"] = bulk_words.ERRORS["intent"]
        return confirm(request, asked, status=422)
    seconds = undo.window_of(request.user)
    try:
        bulk, is_new = bulk_moves.ask(
            request.organisation,
            request.user,
            _asked(request, asked, intent),
            now=timezone.now(),
            hold_seconds=seconds,
        )
    except Invalid as error:
        asked.errors.update(_told(error))
        return confirm(request, asked, status=422)
    return _begun(request, bulk, seconds if is_new else 0)


def _asked(request: StaffRequest, asked: Wanted, intent: UUID) -> AskedBulk:
    expected, typed = _number(request.POST.get("expected")), _number(request.POST.get("typed"))
    chosen_by = {**asked.desk.filter.as_query()} if asked.is_all else {}
    return AskedBulk(
        intent=intent,
        to_state=asked.to_state,
        leads=asked.leads,
        expected=expected if expected is not None else -1,
        typed=typed,
        pool=asked.desk.here.pool,
        chosen_by={"filter": chosen_by} if asked.is_all else {"chosen": len(asked.keys)},
    )


def _begun(request: StaffRequest, bulk: BulkMove, seconds: int) -> HttpResponse:
    wake_batch("bulk_move", bulk.pk, seconds=seconds)
    return redirect("bulk-detail", slug=request.organisation.slug, pk=bulk.pk)


def _told(error: Invalid) -> dict[str, Any]:
    place = {"typed": "typed"}
    return {
        place.get(name, "form"): bulk_words.ERRORS.get(code, bulk_words.ERRORS["none"])
        for name, code in error.fields.items()
    }


def _sources(moving: QuerySet[Lead], names: dict[str, str]) -> list[tuple[str, int]]:
    """From which states how many come, the most first."""
    grouped = moving.order_by().values_list("board_state").annotate(number=Count("pk"))
    found = [(lead_columns.place(state, names)[:60], number) for state, number in grouped]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    """As people type it: "1 200" and "1.200" are 1200."""
    digits = "".join(one for one in (text or "") if one not in " .,'\u00a0\u202f")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
