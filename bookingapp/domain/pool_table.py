"""The table of a lead pool: its leads in one order, a page at a time; or all of them for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from bookingapp.domain import lead_marks, pool_columns
from bookingapp.domain.lead_marks import Mark
from bookingapp.domain.models import Booking, Lead
from bookingapp.domain.pool_columns import Asked

PAGE_ROWS = 50
# How many rows a file reads at once: what it takes in memory, however long it gets.
CHUNK_ROWS = 500
# What can be sorted by, and the field behind it; "-" in front turns it round.
FIELDS = {
    "created": "created_at",
    "name": "sort_name",
    "follow_up": "follow_up_at",
    "opened": "first_opened_at",
    "email": "",
    "phone": "",
    "interest": "interested_in_connect_id",
    "state": "",
}
# The orders of the filter, which board and lead page know too, as those of the table.
OF_SORT = {"newest": "-created", "oldest": "created", "name": "name", "follow_up": "follow_up"}
# The database cannot order what is sealed: these are opened and put in order here.
_SEALED = {"email", "phone"}
# What the indexes of the board's columns go by; so far into the list they are walked along.
_WALKED = {"created": "created_at", "name": "sort_name"}
LONGEST_WALK = 500
_MAY_BE_EMPTY = {"follow_up", "opened"}


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1; ``total`` is of all pages."""

    leads: list[Lead]
    number: int
    total: int
    marks: Mapping[UUID, Mark]
    bookings: Mapping[UUID, Booking]

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(-(-self.total // PAGE_ROWS), 1)


def order_of(text: str, sort: str) -> str:
    """The order that ``text`` asks for, or the one of the filter's ``sort``."""
    return text if text.removeprefix("-") in FIELDS else OF_SORT.get(sort, "-created")


def read(
    asked: Asked, order: str, number: int, *, states: Sequence[str] = (), with_data: bool = False
) -> Page:
    """Page ``number``, the last one where there are fewer. Always the same number of queries.

    ``states`` in the order of the pool, ``with_data`` for columns that show it.
    """
    counts = _counts(asked)
    total = sum(counts.values())
    number = min(max(number, 1), max(-(-total // PAGE_ROWS), 1))
    rows = slice((number - 1) * PAGE_ROWS, number * PAGE_ROWS)
    keys = _keys(asked, order, states, rows, counts)
    found = Lead.objects.filter(pk__in=keys)
    found = found if with_data else found.defer("data", "custom_field_data")
    known = {lead.pk: lead for lead in found}
    leads = [known[pk] for pk in keys if pk in known]
    bookings = lead_marks.next_bookings(leads, now=asked.now)
    return Page(leads, number, total, lead_marks.marks(leads), bookings)


def every(
    asked: Asked, order: str, *, states: Sequence[str] = ()
) -> Iterator[tuple[Lead, Booking | None]]:
    """All leads with their next bookings, read as they are wanted."""
    keys = _ordered(asked, order, states)
    for start in range(0, len(keys), CHUNK_ROWS):
        chunk = keys[start : start + CHUNK_ROWS]
        known = {lead.pk: lead for lead in Lead.objects.filter(pk__in=chunk)}
        leads = [known[pk] for pk in chunk if pk in known]
        bookings = lead_marks.next_bookings(leads, now=asked.now)
        yield from ((lead, bookings.get(lead.pk)) for lead in leads)


def _keys(
    asked: Asked, order: str, states: Sequence[str], rows: slice, counts: Mapping[str, int]
) -> list[UUID]:
    """The keys are put in order alone: sorting whole rows takes many times as long."""
    field = _WALKED.get(order.removeprefix("-"))
    if field is None or rows.stop > LONGEST_WALK or asked.filter.text:
        return _ordered(asked, order, states, rows)
    # The indexes have the states in front: the first rows of each, and of those the first.
    sign = "-" if order.startswith("-") else ""
    found: list[tuple[Any, UUID]] = []
    for state in counts:
        there = asked.leads().filter(board_state=state).order_by(f"{sign}{field}", f"{sign}id")
        found += there.values_list(field, "pk")[: rows.stop]
    found.sort(key=lambda one: (one[0], one[1].hex), reverse=bool(sign))
    return [pk for _value, pk in found[rows]]


def _ordered(
    asked: Asked, order: str, states: Sequence[str], rows: slice = slice(None)
) -> list[UUID]:
    name = order.removeprefix("-")
    if name not in _SEALED:
        return list(asked.leads().order_by(*_by(order, states)).values_list("pk", flat=True)[rows])
    found = asked.leads().order_by().values_list(name, "pk")
    by_text = sorted(found, key=lambda one: (one[0], one[1].hex), reverse=order != name)
    return [pk for _text, pk in by_text[rows]]


def _counts(asked: Asked) -> dict[str, int]:
    """Leads by state. Only those of the state asked for, if one is."""
    counts = pool_columns.counts(asked)
    state = asked.filter.state
    return {state: counts.get(state, 0)} if state else counts


def _by(order: str, states: Sequence[str]) -> list[OrderBy | str]:
    name, falls = order.removeprefix("-"), order.startswith("-")
    sign = "-" if falls else ""
    if name == "state":
        places = [When(board_state=one, then=Value(at)) for at, one in enumerate(states)]
        place = Case(*places, default=Value(len(states)), output_field=IntegerField())
        first = place.desc() if falls else place.asc()
        return [first, "-created_at", "-id"]
    field = F(FIELDS[name])
    if name in _MAY_BE_EMPTY:
        # What has none comes last, whichever way.
        way = field.desc(nulls_last=True) if falls else field.asc(nulls_last=True)
    else:
        way = field.desc() if falls else field.asc()
    return [way, f"{sign}id"]


def chosen(asked: Asked, keys: Sequence[UUID]) -> QuerySet[Lead]:
    """Those of the pool with these keys, whatever the filter says of them now."""
    return Lead.objects.filter(
        organisation=asked.organisation, pool=asked.pool_pk, never_created=False, pk__in=keys
    )
