"""The columns of a board: how many leads each state has, and its cards a page at a time.

Every page is one walk along an index, so a pool of 50,000 leads opens as fast as one of 50.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from bookingapp.domain import lead_filter
from bookingapp.domain import leads as finding
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import Lead, Organisation

# Seconds that a count of a long column may include leads archived meanwhile. No index has both
# what is left out and the state; a column that is shown whole is counted by its cards.
LEFT_OUT_AGE = 30
# The longest place of a name in hex, encoded, and what stands around it.
LONGEST_CURSOR = 1200
# So many found leads can be named in a question.
MOST_FOUND = 2_000
# Field and direction of every order; the id decides between equals.
ORDERS = {
    "newest": ("created_at", "lt"),
    "oldest": ("created_at", "gt"),
    "name": ("sort_name", "gt"),
    "follow_up": ("follow_up_at", "gt"),
}


@dataclass(frozen=True)
class Asked:
    """Which leads a board is about. ``pool_pk`` None: those without a pool."""

    organisation: Organisation
    pool_pk: int | None
    filter: LeadFilter
    now: datetime
    day_ends_at: datetime

    def leads(self) -> QuerySet[Lead]:
        found = lead_filter.in_pool(self.organisation, self.pool_pk)
        wanted = self.filter
        if self._found is not None:
            found, wanted = found.filter(pk__in=self._found), replace(wanted, text="")
        return lead_filter.matching(
            found,
            wanted,
            organisation=self.organisation,
            now=self.now,
            day_ends_at=self.day_ends_at,
        )

    @cached_property
    def _found(self) -> list[UUID] | None:
        """Whom the search finds, looked up once for all columns; None: no search, or too many."""
        if not self.filter.text:
            return None
        found = finding.found_by(self.organisation, self.filter.text).filter(pool=self.pool_pk)
        pks = list(found.values_list("pk", flat=True)[: MOST_FOUND + 1])
        return pks if len(pks) <= MOST_FOUND else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads of a column; ``after`` is where the next ones begin, "" when there are none."""

    leads: list[Lead]
    after: str = ""


def counts(asked: Asked) -> dict[str, int]:
    """Leads by state, those without any left out."""
    if asked.pool_pk is None or not asked.filter.without_state().is_open:
        return _by_state(asked.leads())
    left_out = _left_out(asked.pool_pk)
    # Answered from an index alone; that is what makes a large pool quick.
    everybody = _by_state(Lead.objects.filter(pool=asked.pool_pk))
    found = {state: count - left_out.get(state, 0) for state, count in everybody.items()}
    return {state: count for state, count in found.items() if count > 0}


def page(
    asked: Asked,
    states: Sequence[str],
    *,
    most: int,
    after: str = "",
    without: Collection[UUID] = (),
) -> Page:
    """At most ``most`` leads in these states, those that follow ``after`` in the filter's order."""
    found = asked.leads().filter(board_state__in=states).defer("data", "custom_field_data")
    if len(states) == 1:
        found = asked.leads().filter(board_state=states[0]).defer("data", "custom_field_data")
    if without:
        found = found.exclude(pk__in=without)
    sort = asked.filter.sort
    leads = _walk(found, sort, _place(sort, after), most + 1)
    is_cut = len(leads) > most
    return Page(leads[:most], _cursor(leads[most - 1], sort) if is_cut else "")


def _walk(found: QuerySet[Lead], sort: str, place: tuple[Any, str] | None, most: int) -> list[Lead]:
    field, way = ORDERS[sort]
    falls = "-" if way == "lt" else ""
    if sort != "follow_up":
        found = found.order_by(f"{falls}{field}", f"{falls}id")
        return list((found.filter(_past(field, way, *place)) if place else found)[:most])
    # Dates first, then those without: two walks, since SQLite has its empty values in front.
    dated: list[Lead] = []
    if place is None or place[0] is not None:
        dates = found.exclude(follow_up_at=None).order_by(field, "id")
        dated = list((dates.filter(_past(field, way, *place)) if place else dates)[:most])
    undated = found.filter(follow_up_at=None).order_by("id")
    if place is not None and place[0] is None:
        undated = undated.filter(id__gt=place[1])
    return dated + list(undated[: most - len(dated)]) if len(dated) < most else dated


def _past(field: str, way: str, value: Any, pk: str) -> Q:
    # The first condition says nothing new, but it is the one that an index can begin at.
    begins = Q(**{f"{field}__{way}e": value})
    return begins & (Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"id__{way}": pk}))


def _cursor(lead: Lead, sort: str) -> str:
    value = getattr(lead, ORDERS[sort][0])
    if value is not None:
        # The place of a name is bytes, none where a lead has no name; JSON takes texts alone.
        value = value.isoformat() if isinstance(value, datetime) else bytes(value).hex()
    return base64.urlsafe_b64encode(json.dumps([sort, value, lead.pk.hex]).encode()).decode()


def _place(sort: str, cursor: str) -> tuple[Any, str] | None:
    """None for no cursor, one of another order, or one that nobody here made."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        order, value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if order != sort or not isinstance(value, str | None):
            return None
        if sort == "name":
            return bytes.fromhex(value or ""), UUID(hex=pk).hex
        if value is None:
            return value, UUID(hex=pk).hex
        return datetime.fromisoformat(value), UUID(hex=pk).hex
    except (ValueError, TypeError, AttributeError):
        return None


def _by_state(found: QuerySet[Lead]) -> dict[str, int]:
    grouped = found.order_by().values_list("board_state").annotate(number=Count("pk"))
    return {str(state): int(number) for state, number in grouped}


def count_anew(pool_pk: int | None) -> None:
    """A lead of the pool that was left out is to be shown: by its old count its column could be
    empty. Call it in the transaction of the change.
    """
    transaction.on_commit(lambda: cache.delete(_key(pool_pk)))


def _key(pool_pk: int | None) -> str:
    return f"board-left-out:{pool_pk}"


def _left_out(pool_pk: int) -> dict[str, int]:
    key = _key(pool_pk)
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        hidden = Lead.objects.filter(Q(archived=True) | Q(never_created=True), pool=pool_pk)
        known = _by_state(hidden)
        cache.set(key, known, LEFT_OUT_AGE)
    return known
