"""What one bulk move left for a person, told together: many refusals of one bury nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum

from bookingapp.domain import needs_you, settling
from bookingapp.domain.models import BulkMove, BulkMoveRow, Write
from bookingapp.domain.needs_you import Urgency
from bookingapp.domain.states import PAUSES, State

# Fewer are told one by one.
TOGETHER_FROM = 3
# Of a large one so many are decided about at a time.
AT_A_TIME = 100
# The sooner in this order, the more it needs somebody.
STUCK, PAUSED, REFUSED, LATE = "stuck", "paused", "refused", "late"
URGENCIES = {
    STUCK: Urgency.STUCK,
    PAUSED: Urgency.PAUSED,
    REFUSED: Urgency.REFUSED,
    LATE: Urgency.OVERDUE,
}


@dataclass(frozen=True, slots=True)
class Part:
    """``count`` leads that stand alike and for the same reason."""

    standing: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Together:
    """``stamp`` is another number once any of them has moved; ``since``: the oldest of them."""

    bulk: BulkMove
    parts: tuple[Part, ...]
    stamp: int
    since: datetime

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def urgency(self) -> Urgency:
        return min(URGENCIES[part.standing] for part in self.parts)

    def standing(self, wanted: str) -> int:
        """How many of them stand so."""
        return sum(part.count for part in self.parts if part.standing == wanted)


def together(waiting: QuerySet[Write]) -> list[Together]:
    """Of ``waiting`` (see needs_you.writes) what bulk moves left, by bulk move. One query, and one
    more where there are any.
    """
    rows = BulkMoveRow.objects.filter(write__in=waiting.order_by().values("pk"))
    grouped = rows.order_by().values("bulk", "write__state", "write__reason")
    told = grouped.annotate(n=Count("pk"), moved=Sum("write__version"), at=Min("write__created_at"))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for one in told:
        found.setdefault(one["bulk"], []).append(dict(one))
    many = {pk: own for pk, own in found.items() if sum(o["n"] for o in own) >= TOGETHER_FROM}
    if not many:
        return []
    bulks = BulkMove.objects.filter(pk__in=many)
    bulks = bulks.select_related("organisation", "person", "pool", "handed_to")
    return [_together(bulk, many[bulk.pk]) for bulk in bulks.order_by("asked_at", "pk")]


def apart(waiting: QuerySet[Write], groups: Iterable[Together]) -> QuerySet[Write]:
    """Those of ``waiting`` that are told one by one."""
    bulks = [group.bulk.pk for group in groups]
    if not bulks:
        return waiting
    rows = BulkMoveRow.objects.filter(bulk__in=bulks, write__isnull=False)
    return waiting.exclude(pk__in=rows.values("write"))


def seen(bulk: BulkMove, *, now: datetime) -> int:
    """Its refusals were read; returns how many."""
    refused = Write.objects.filter(bulk_rows__bulk=bulk, state=State.REFUSED, seen_at=None)
    # Two steps: neither database updates through a join.
    number = Write.objects.filter(pk__in=list(refused.values_list("pk", flat=True))).update(
        seen_at=now
    )
    needs_you.forget(bulk.handed_to_id or bulk.person_id)
    return number


def again(bulk: BulkMove, *, person: Any, now: datetime) -> Sequence[UUID]:
    """Send those again that are stuck, at most AT_A_TIME: a state that is set already is set, and
    nothing happens twice. Returns what to wake.
    """
    due: list[UUID] = []
    for write in _waiting(bulk, Q(state=State.STUCK)):
        try:
            due += settling.is_not_there(write, person=person, now=now)
        except settling.AlreadySettled:
            continue
    return due


def close(bulk: BulkMove, *, person: Any, now: datetime) -> tuple[int, Sequence[UUID]]:
    """Send nothing more of what waits, at most AT_A_TIME: how many, and what may go on now."""
    closed = 0
    freed: list[UUID] = []
    for write in _waiting(bulk, Q(state=State.STUCK) | Q(state=State.WAITING, reason__in=PAUSES)):
        try:
            freed += settling.give_up(write, person=person, now=now)
        except settling.AlreadySettled:
            continue
        closed += 1
    return closed, freed


def _waiting(bulk: BulkMove, wanted: Q) -> list[Write]:
    found = Write.objects.filter(wanted, bulk_rows__bulk=bulk)
    found = found.select_related("organisation", "lead", "person")
    return list(found.order_by("created_at", "pk")[:AT_A_TIME])


def _together(bulk: BulkMove, rows: list[dict[str, Any]]) -> Together:
    parts = [Part(_standing(row), row["write__reason"], row["n"]) for row in rows]
    order = list(URGENCIES)
    parts.sort(key=lambda part: (order.index(part.standing), -part.count, part.reason))
    moved = sum(row["moved"] + row["n"] for row in rows)
    return Together(bulk, tuple(parts), moved, min(row["at"] for row in rows))


def _standing(row: dict[str, Any]) -> str:
    match row["write__state"]:
        case State.STUCK | State.ASKING:
            return STUCK
        case State.REFUSED:
            return REFUSED
        case State.WAITING if row["write__reason"] in PAUSES:
            return PAUSED
    return LATE
