"""The queue of the day: who is due to be called again, and who still waits for a first call.

A lead is in it while that is so and leaves it with the outcome of a call, at once: what the outcome
changes at Connect may still be on its way. Whoever was only looked at stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

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
# Stands for no date. Said with it, the walk goes along the index of the unopened: SQLite would else
# take the one of the dates, under which nearly all leads are alike, and sort them.
UNDATED = Value(datetime(9999, 12, 1, tzinfo=UTC), output_field=DateTimeField())
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


@dataclass
class Queue:
    """Of an organisation, or of one pool. ``day_starts_at``, ``day_ends_at`` (UTC): today.

    As of ``now``: for one request.
    """

    organisation: Organisation
    pool_pk: int | None
    now: datetime
    day_starts_at: datetime
    day_ends_at: datetime

    def listing(self) -> Listing:
        """Five queries, however many leads there are."""
        unopened = list(self._unopened().order_by("created_at")[:SHOWN])
        return Listing(
            due=list(self._due()[:SHOWN]),
            first=sorted([*unopened, *self._left], key=_order)[:SHOWN],
            later=list(self._later()[:SHOWN_LATER]),
        )

    def counts(self) -> Counts:
        """None of its queries counts beyond MOST_COUNTED."""
        return Counts(
            due=_count(self._due()),
            overdue=_count(self._due().filter(follow_up_at__lt=self.day_starts_at)),
            first=min(_count(self._unopened()) + len(self._left), MOST_COUNTED),
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
            return self._first(place, up=True)
        return _nearest(self._due(), "follow_up_at", place, up=True) or self._first(None, up=True)

    def before(self, place: Place) -> Lead | None:
        """Who was before; None at the beginning."""
        if place.part == Part.DUE:
            return _nearest(self._due(), "follow_up_at", place, up=False)
        first = self._first(place if place.part == Part.FIRST else None, up=False)
        return first or self._due().order_by("-follow_up_at", "-id").first()

    def head(self) -> Lead | None:
        return self._due().first() or self._first(None, up=True)

    def _due(self) -> QuerySet[Lead]:
        found = self._leads().filter(follow_up_at__lte=self.now)
        return found.order_by("follow_up_at", "id")

    def _later(self) -> QuerySet[Lead]:
        today = Q(follow_up_at__gt=self.now, follow_up_at__lt=self.day_ends_at)
        return self._leads().filter(today).order_by("follow_up_at", "id")

    def _first(self, place: Place | None, *, up: bool) -> Lead | None:
        """Of those that wait for a first call the nearest beyond ``place``, or the outermost."""
        unopened = _nearest(self._unopened(), "created_at", place, up=up)
        left = [lead for lead in self._left if place is None or _is_beyond(lead, place, up=up)]
        found = sorted([*left, *([unopened] if unopened else [])], key=_order, reverse=not up)
        return found[0] if found else None

    def _unopened(self) -> QuerySet[Lead]:
        """In no order: the index gives the one of their creation for nothing, but not of equals."""
        found = self._waiting().filter(first_opened_at=None)
        return found.filter(~_was_told(LeadEvent.Kind.OUTCOME))

    @cached_property
    def _left(self) -> list[Lead]:
        """Whom somebody opened lately, and then left. As many as people open in a day."""
        found = self._waiting().filter(first_opened_at__gte=self.now - LEFT)
        kinds = (LeadEvent.Kind.OUTCOME, LeadEvent.Kind.NOTE)
        return list(found.filter(~_was_told(*kinds), ~_was_moved())[:MOST_COUNTED])

    def _waiting(self) -> QuerySet[Lead]:
        found = self._leads().exclude(board_state__in=self._closed)
        found = found.alias(dated=Coalesce("follow_up_at", UNDATED)).filter(dated=UNDATED)
        return found.filter(~_has_booking())

    def _leads(self) -> QuerySet[Lead]:
        """Those that Connect has, but not where another date is on its way already."""
        leads = Lead.objects.filter(organisation=self.organisation, archived=False)
        leads = leads.filter(never_created=False).exclude(connect_id="")
        if self.pool_pk is not None:
            # 0 stands for the leads without a pool.
            leads = leads.filter(pool=self.pool_pk or None)
        return leads.exclude(pk__in=self._being_dated).select_related("pool")

    @cached_property
    def _closed(self) -> list[str]:
        pools = catalogue.snapshot(self.organisation).pools
        states = {state for pool in pools for state in pool.states}
        return sorted(state.connect_id for state in states if state.category in CLOSED)

    @cached_property
    def _being_dated(self) -> list[UUID]:
        """Asked for once: the journal is long, and few of it are on their way."""
        dating = Write.objects.filter(
            organisation=self.organisation,
            kind=Kind.EDIT_LEAD,
            state__in=sorted(UNFINISHED),
            payload__changes__has_key="follow_up_at",
            lead__isnull=False,
        )
        return [pk for pk in dating.values_list("lead", flat=True) if pk]


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


def _nearest(found: QuerySet[Lead], field: str, place: Place | None, *, up: bool) -> Lead | None:
    """The next beyond ``place``, else the outermost; the id decides between equals.

    Equals are asked for by themselves: an index of the field alone then gives the order.
    """
    side, sign = ("gt", "") if up else ("lt", "-")
    if place is not None:
        equals = found.filter(**{field: place.at, f"pk__{side}": place.pk})
        if alike := equals.order_by(f"{sign}id").first():
            return alike
        found = found.filter(**{f"{field}__{side}": place.at})
    at = found.order_by(f"{sign}{field}").values_list(field, flat=True)[:1]
    nearest = next(iter(at), None)
    if nearest is None:
        return None
    return found.filter(**{field: nearest}).order_by(f"{sign}id").first()


def _is_beyond(lead: Lead, place: Place, *, up: bool) -> bool:
    here = (place.at, place.pk)
    return _order(lead) > here if up else _order(lead) < here


def _order(lead: Lead) -> tuple[datetime, UUID]:
    return lead.created_at, lead.pk


def _count(found: QuerySet[Lead]) -> int:
    # A row over the bound would be counted for nothing; the order has no part in it.
    return found.order_by()[:MOST_COUNTED].count()
