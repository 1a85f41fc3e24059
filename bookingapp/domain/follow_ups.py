"""The queue of the day: who is due to be called again, and who still waits for a first call.

A lead is in it while that is so and leaves it with the outcome of a call, at once: what the outcome
changes at Connect may still be on its way. Whoever was only looked at stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookingapp.domain import catalogue
from bookingapp.domain.models import Booking, Lead, LeadEvent, Organisation, Write
from bookingapp.domain.states import UNFINISHED, Kind, State

# So many of each part are listed, and counted: beyond that a number helps nobody.
SHOWN = 40
SHOWN_LATER = 10
MOST_COUNTED = 999
# A lead that somebody opened and then left stays in the queue for so long.
LEFT = timedelta(hours=24)
# In these categories of lead states nobody waits for a first call (contract 5.1).
CLOSED = frozenset({"completed", "notCompleted"})
# Of what was asked for and did not come to be, nothing counts.
NOTHING_CAME = [State.UNDONE, State.REFUSED]


class Part(StrEnum):
    DUE = "due"  # its follow-up date has come
    FIRST = "first"  # nobody has called it yet
    LATER = "later"  # due later today: not in the queue yet


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead stands in the queue, also when it has left it meanwhile."""

    part: Part
    at: datetime
    pk: UUID


@dataclass(frozen=True, slots=True)
class Counts:
    """At most MOST_COUNTED each. ``overdue`` are those of ``due`` from before today."""

    due: int
    overdue: int
    first: int
    later: int

    @property
    def waiting(self) -> int:
        return self.due + self.first


@dataclass(frozen=True, slots=True)
class Listing:
    """In the order of the queue: the longest overdue first, then the longest without a call."""

    due: list[Lead]
    first: list[Lead]
    later: list[Lead]

    @property
    def queue(self) -> list[Lead]:
        return [*self.due, *self.first]


@dataclass(frozen=True, slots=True)
class Queue:
    """Of an organisation, or of one pool of it. ``day_starts_at``, ``day_ends_at`` (UTC): today."""

    organisation: Organisation
    pool_pk: int | None
    now: datetime
    day_starts_at: datetime
    day_ends_at: datetime

    def listing(self) -> Listing:
        """Four queries, however many leads there are."""
        first = [list(found[:SHOWN]) for found in self._firsts()]
        return Listing(
            due=list(self._due()[:SHOWN]),
            first=_merged(first, SHOWN),
            later=list(self._later()[:SHOWN_LATER]),
        )

    def counts(self) -> Counts:
        """Five queries, none of which counts beyond MOST_COUNTED."""
        return Counts(
            due=_count(self._due()),
            overdue=_count(self._due().filter(follow_up_at__lt=self.day_starts_at)),
            first=min(sum(_count(found) for found in self._firsts()), MOST_COUNTED),
            later=_count(self._later()),
        )

    def place_of(self, lead: Lead) -> Place:
        at = lead.follow_up_at
        if at is None:
            return Place(Part.FIRST, lead.created_at, lead.pk)
        return Place(Part.DUE if at <= self.now else Part.LATER, at, lead.pk)

    def after(self, place: Place) -> Lead | None:
        """Who is next; None at the end."""
        if place.part == Part.LATER:
            return None
        if place.part == Part.FIRST:
            return self._first(_beyond("created_at", place, up=True))
        beyond = self._due().filter(_beyond("follow_up_at", place, up=True))
        return beyond.first() or self._first(Q())

    def before(self, place: Place) -> Lead | None:
        """Who was before; None at the beginning."""
        last_due = self._due().order_by("-follow_up_at", "-id")
        if place.part == Part.DUE:
            return last_due.filter(_beyond("follow_up_at", place, up=False)).first()
        beyond = _beyond("created_at", place, up=False) if place.part == Part.FIRST else Q()
        return self._first(beyond, up=False) or last_due.first()

    def head(self) -> Lead | None:
        return self._due().first() or self._first(Q())

    def _due(self) -> QuerySet[Lead]:
        found = self._leads().filter(follow_up_at__lte=self.now)
        return found.order_by("follow_up_at", "id")

    def _later(self) -> QuerySet[Lead]:
        today = Q(follow_up_at__gt=self.now, follow_up_at__lt=self.day_ends_at)
        return self._leads().filter(today).order_by("follow_up_at", "id")

    def _first(self, wanted: Q, *, up: bool = True) -> Lead | None:
        sign = "" if up else "-"
        firsts = (
            found.filter(wanted).order_by(f"{sign}created_at", f"{sign}id").first()
            for found in self._firsts()
        )
        found = sorted((lead for lead in firsts if lead), key=_order, reverse=not up)
        return found[0] if found else None

    def _firsts(self) -> tuple[QuerySet[Lead], QuerySet[Lead]]:
        """Those nobody has opened, and those that somebody opened and left. Each by its index."""
        waiting = self._leads().filter(follow_up_at=None).exclude(board_state__in=self._closed())
        waiting = waiting.filter(~_has_booking()).order_by("created_at", "id")
        unopened = waiting.filter(~_was_told(LeadEvent.Kind.OUTCOME), first_opened_at=None)
        opened = waiting.filter(
            ~_was_told(LeadEvent.Kind.OUTCOME, LeadEvent.Kind.NOTE),
            ~_was_moved(),
            first_opened_at__gte=self.now - LEFT,
        )
        return unopened, opened

    def _leads(self) -> QuerySet[Lead]:
        """Those that Connect has, but not where another date is on its way already."""
        leads = Lead.objects.filter(organisation=self.organisation, archived=False)
        leads = leads.filter(never_created=False).exclude(connect_id="")
        if self.pool_pk is not None:
            # 0 stands for the leads without a pool.
            leads = leads.filter(pool=self.pool_pk or None)
        return leads.exclude(pk__in=_being_dated(self.organisation)).select_related("pool")

    def _closed(self) -> list[str]:
        pools = catalogue.snapshot(self.organisation).pools
        states = {state for pool in pools for state in pool.states}
        return sorted(state.connect_id for state in states if state.category in CLOSED)


def _being_dated(organisation: Organisation) -> QuerySet[Any, Any]:
    dating = Write.objects.filter(
        organisation=organisation,
        kind=Kind.EDIT_LEAD,
        state__in=sorted(UNFINISHED),
        payload__changes__has_key="follow_up_at",
        lead__isnull=False,
    )
    return dating.values("lead")


def counting(events: QuerySet[LeadEvent]) -> QuerySet[LeadEvent]:
    """Those of outcomes that were not taken back, and that did not come to nothing."""
    came = Q(write=None) | ~Q(write__state__in=NOTHING_CAME)
    return events.filter(came).exclude(details__has_key="undone")


def _was_told(*kinds: LeadEvent.Kind) -> Exists:
    return Exists(counting(LeadEvent.objects.filter(lead=OuterRef("pk"), kind__in=kinds)))


def _was_moved() -> Exists:
    moves = Write.objects.filter(lead=OuterRef("pk"), kind=Kind.MOVE_LEAD)
    moves = moves.filter(created_at__gte=OuterRef("first_opened_at"))
    return Exists(moves.exclude(state__in=NOTHING_CAME))


def _has_booking() -> Exists:
    return Exists(Booking.objects.filter(lead=OuterRef("pk"), gone_at=None))


def _beyond(field: str, place: Place, *, up: bool) -> Q:
    side = "gt" if up else "lt"
    # Said twice, so that the index of the field bounds the walk.
    bound = Q(**{f"{field}__{side}e": place.at})
    return bound & (
        Q(**{f"{field}__{side}": place.at}) | Q(**{field: place.at, f"pk__{side}": place.pk})
    )


def _merged(parts: Iterable[list[Lead]], most: int) -> list[Lead]:
    found = sorted((lead for part in parts for lead in part), key=_order)
    return list(islice(found, most))


def _order(lead: Lead) -> tuple[datetime, UUID]:
    return lead.created_at, lead.pk


def _count(found: QuerySet[Lead]) -> int:
    # A row over the bound would be counted for nothing; the order has no part in it.
    return found.order_by()[:MOST_COUNTED].count()
