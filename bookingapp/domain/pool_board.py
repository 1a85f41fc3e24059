"""The board of a lead pool as far as it is looked at: columns with their first cards.

The number of queries depends on the columns that are open, never on the leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from bookingapp.domain import lead_marks, pool_columns
from bookingapp.domain.lead_marks import Mark
from bookingapp.domain.models import Booking, Lead, LeadPool, Organisation
from bookingapp.domain.pool_columns import Asked

# The column of the states that the pool does not offer: no lead is without a place.
OTHER = "other"
FIRST_CARDS = 20
MORE_CARDS = 50
# Of one column in one answer; what was loaded beyond is loaded again when it is wanted.
MOST_CARDS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that is to be shown. ``most`` cards of it, None while it is folded."""

    key: str
    states: tuple[str, ...]
    most: int | None = FIRST_CARDS


@dataclass(frozen=True, slots=True)
class Column:
    """``count`` is how many leads it has, ``after`` where its next cards begin."""

    key: str
    count: int
    leads: list[Lead] = field(default_factory=list)
    after: str = ""
    is_folded: bool = False
    # So many cards were asked for, beside those on top.
    most: int = FIRST_CARDS


@dataclass(frozen=True, slots=True)
class Board:
    """What is said of the leads of all columns comes by lead."""

    columns: list[Column]
    marks: Mapping[UUID, Mark]
    bookings: Mapping[UUID, Booking]


def read(asked: Asked, wanted: Sequence[Wanted], counts: Mapping[str, int]) -> Board:
    """``counts`` of all states, as :func:`pool_columns.counts` gives them."""
    top = _on_top(asked)
    columns = [_column(asked, one, counts, top) for one in wanted]
    shown = [lead for column in columns for lead in column.leads]
    return Board(columns, lead_marks.marks(shown), lead_marks.next_bookings(shown, now=asked.now))


def more(asked: Asked, wanted: Wanted, after: str) -> Board:
    """The next cards of a column."""
    top = _on_top(asked) if wanted.states else {}
    page = pool_columns.page(
        asked, wanted.states, most=wanted.most or MORE_CARDS, after=after, without=top
    )
    column = Column(wanted.key, len(page.leads), page.leads, page.after)
    marks = lead_marks.marks(page.leads)
    return Board([column], marks, lead_marks.next_bookings(page.leads, now=asked.now))


def others(counts: Mapping[str, int], listed: Iterable[str]) -> tuple[str, ...]:
    """The states of leads that are none of ``listed``, always in the same order."""
    return tuple(sorted(counts.keys() - set(listed)))


def pools_gone(organisation: Organisation) -> list[LeadPool]:
    """The pools that Connect no longer has, while leads of theirs are here."""
    gone = LeadPool.objects.filter(organisation=organisation, gone_at__isnull=False)
    return [pool for pool in gone if pool.leads.filter(never_created=False).exists()]


def has_homeless(organisation: Organisation) -> bool:
    """Whether there are leads without a pool."""
    return Lead.objects.filter(
        organisation=organisation, pool=None, never_created=False, erased_at=None
    ).exists()


def _on_top(asked: Asked) -> dict[UUID, Lead]:
    """The leads that stand on top of their columns, in that order."""
    wanted = lead_marks.on_top(asked.organisation, asked.pool_pk)
    found = asked.leads().filter(pk__in=wanted).defer("data", "custom_field_data")
    known = {lead.pk: lead for lead in found} if wanted else {}
    return {pk: known[pk] for pk in wanted if pk in known}


def _column(
    asked: Asked, wanted: Wanted, counts: Mapping[str, int], top: Mapping[UUID, Lead]
) -> Column:
    count = sum(counts.get(state, 0) for state in wanted.states)
    if wanted.most is None or not count:
        return Column(wanted.key, count, is_folded=wanted.most is None)
    first = [lead for lead in top.values() if lead.board_state in wanted.states]
    page = pool_columns.page(asked, wanted.states, most=wanted.most, without=top)
    leads = first + page.leads
    found = Column(wanted.key, max(count, len(leads)), leads, page.after, most=wanted.most)
    return found if page.after else replace(found, count=len(leads))
