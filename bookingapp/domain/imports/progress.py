"""How far an import is: its rows by how they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from bookingapp.domain.models import ImportRow, LeadImport
from bookingapp.domain.states import PAUSES, State

# Events that creating one lead fires (contract 6.1): created, and its first state.
EVENTS_EACH = 2
Result = ImportRow.Result


class Standing(StrEnum):
    """Each row has exactly one."""

    AHEAD = "ahead"
    ON_ITS_WAY = "on_its_way"
    NEEDS_PERSON = "needs_person"
    REFUSED = "refused"
    WRONG = "wrong"
    KNOWN = "known"
    CREATED = "created"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Progress:
    """``counts`` has every standing, 0 included."""

    counts: dict[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Rows with which nothing more is done by itself."""
        return self.total - self.counts[Standing.AHEAD] - self.counts[Standing.ON_ITS_WAY]


_FOR_PERSON = Q(write__state__in=[State.STUCK, State.ASKING]) | Q(
    write__state=State.WAITING, write__reason__in=PAUSES
)
_ASKED = Q(result=Result.ASKED)
_WHICH = {
    Standing.AHEAD: Q(result=Result.NEW),
    Standing.NEEDS_PERSON: _ASKED & _FOR_PERSON,
    Standing.REFUSED: _ASKED & Q(write__state__in=[State.REFUSED, State.UNDONE]),
    Standing.CREATED: _ASKED & (Q(write__state=State.DONE) | Q(write=None)),
    Standing.WRONG: Q(result__in=[Result.WRONG, Result.SKIPPED]),
    Standing.KNOWN: Q(result=Result.KNOWN),
    Standing.ADOPTED: Q(result=Result.ADOPTED),
}


def rows_that(batch: LeadImport, standing: Standing | None) -> QuerySet[ImportRow]:
    """Those that stand so (None: all), in the order of the file, with lead and write."""
    rows = batch.rows.select_related("lead", "write").order_by("number")
    if standing is None:
        return rows
    if standing in _WHICH:
        return rows.filter(_WHICH[standing])
    over = [State.STUCK, State.ASKING, State.DONE, State.REFUSED, State.UNDONE]
    paused = Q(write__state=State.WAITING, write__reason__in=PAUSES)
    return rows.filter(_ASKED & Q(write__isnull=False)).exclude(Q(write__state__in=over) | paused)


def standing_of(result: str, state: str | None, reason: str | None) -> Standing:
    """Of a row with this result, whose write (if any) stands so."""
    told = {
        Result.NEW: Standing.AHEAD,
        Result.WRONG: Standing.WRONG,
        Result.SKIPPED: Standing.WRONG,
        Result.KNOWN: Standing.KNOWN,
        Result.ADOPTED: Standing.ADOPTED,
    }
    if (found := told.get(Result(result))) is not None:
        return found
    if state in {None, State.DONE}:
        return Standing.CREATED
    if state in {State.REFUSED, State.UNDONE}:
        return Standing.REFUSED
    if state in {State.STUCK, State.ASKING} or (state == State.WAITING and reason in PAUSES):
        return Standing.NEEDS_PERSON
    return Standing.ON_ITS_WAY


def progress_of(batch: LeadImport) -> Progress:
    """One query, however many rows."""
    counted: Counter[Standing] = Counter()
    grouped = batch.rows.values_list("result", "write__state", "write__reason")
    for result, state, reason, number in grouped.annotate(Count("pk")).order_by():
        counted[standing_of(result, state, reason)] += number
    return Progress({one: counted[one] for one in Standing})


def events_ahead(batch: LeadImport) -> int:
    """How many automation events running it (or the rest of it) would fire."""
    if batch.how != LeadImport.How.CREATE:
        return 0
    return EVENTS_EACH * batch.rows.filter(result=Result.NEW).count()
