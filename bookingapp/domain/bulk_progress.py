"""How far a bulk move is: what became of its rows, and which of them a person may want to see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from bookingapp.domain.models import BulkMove, BulkMoveRow
from bookingapp.domain.states import PAUSES, State


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows by how they stand; ``ahead`` are not begun, ``there`` needed no move."""

    total: int
    done: int = 0
    there: int = 0
    ahead: int = 0
    on_their_way: int = 0
    refused: int = 0
    waiting_for_person: int = 0
    undone: int = 0
    unusable: int = 0


def progress(bulk: BulkMove) -> Progress:
    """How many rows stand where. One query, however many rows."""
    counted: Counter[str] = Counter()
    is_ahead = ExpressionWrapper(Q(begun_at=None), output_field=BooleanField())
    rows = BulkMoveRow.objects.filter(bulk=bulk).annotate(is_ahead=is_ahead)
    grouped = rows.values_list("is_ahead", "problem", "write__state", "write__reason")
    for ahead, problem, state, reason, number in grouped.annotate(Count("pk")).order_by():
        counted[_standing(ahead, problem, state, reason)] += number
    return Progress(total=counted.total(), **counted)


def troubled(bulk: BulkMove) -> QuerySet[BulkMoveRow]:
    """The rows that a person may want to look at."""
    trouble = Q(write__state__in=[State.REFUSED, State.STUCK, State.ASKING])
    trouble |= Q(write__state=State.WAITING, write__reason__in=PAUSES)
    trouble |= ~Q(problem="") & ~Q(problem="there")
    return bulk.rows.filter(trouble).select_related("lead", "write")


def _standing(
    is_ahead: bool,  # noqa: FBT001 - a row of the database
    problem: str,
    state: str | None,
    reason: str | None,
) -> str:
    if is_ahead:
        return "ahead"
    if state is None:
        return "there" if problem == "there" else "unusable"
    if state in {State.STUCK, State.ASKING} or (state == State.WAITING and reason in PAUSES):
        return "waiting_for_person"
    known = {State.DONE: "done", State.REFUSED: "refused", State.UNDONE: "undone"}
    return known.get(State(state), "on_their_way")
