"""The list of bookings: pages of it, counts, the day of a calendar, and all of it for a file.

Connect cannot be asked for bookings: these are the ones this desk knows, from its own writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from bookingapp.domain import booking_filter
from bookingapp.domain.booking_filter import Filter, Tab
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Booking, Calendar, Organisation, Write
from bookingapp.domain.states import PAUSES, UNFINISHED, Kind, State

PAGE_ROWS = 50
# How many rows a file reads at once: what it takes in memory, however long it gets.
CHUNK_ROWS = 500
SEEN_WITH = ("lead", "calendar", "resource", "appointment_type", "booked_by", "gone_by__person")
# Texts of Connect's that no row shows; reading them would take most of the time.
UNSEEN = ("told", "lead__data", "lead__custom_field_data", "gone_by__result", "moved_to__told")
_NEEDS_PERSON = Q(state__in=[State.ASKING, State.STUCK, State.REFUSED]) | Q(reason__in=PAUSES)


@dataclass(frozen=True, slots=True)
class Change:
    """The write that is changing a booking, as far as a row tells it."""

    kind: str
    state: str
    reason: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A booking of the list; ``moved_from`` is the start (UTC) of the place it had before."""

    booking: Booking
    change: Change | None
    moved_from: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """``writes``: the rows of "open"; elsewhere the new bookings on their way, shown on top."""

    lines: tuple[Line, ...]
    writes: tuple[Write, ...]
    has_more: bool
    # Never counted beyond PAGE_ROWS + 1, except on the tab itself.
    open_count: int


def page(organisation: Organisation, asked: Filter, number: int, *, now: datetime) -> Page:
    """Page ``number`` (from 1): two queries, whatever there is."""
    start = (number - 1) * PAGE_ROWS
    opened = open_writes(organisation, asked)
    if asked.tab == Tab.OPEN:
        found = list(opened[start : start + PAGE_ROWS + 1])
        return Page((), tuple(found[:PAGE_ROWS]), len(found) > PAGE_ROWS, opened.count())
    writes = list(opened[: PAGE_ROWS + 1])
    lines = tuple(_page_lines(organisation, asked, slice(start, start + PAGE_ROWS + 1), now))
    on_top = tuple(_on_their_way(writes, asked, now)) if number == 1 else ()
    return Page(lines[:PAGE_ROWS], on_top, len(lines) > PAGE_ROWS, len(writes))


def counts(organisation: Organisation, asked: Filter, *, now: datetime) -> dict[Tab, int]:
    """How many bookings each tab has for this question: where to find whom one looks for."""
    tabs = [tab for tab in Tab if tab != Tab.OPEN]
    found = Booking.objects.filter(booking_filter.of_bookings(organisation, asked))
    each = {
        tab.value: Count("pk", filter=booking_filter.of_tab(organisation, tab, now)) for tab in tabs
    }
    told = found.aggregate(**each)
    return {tab: told[tab.value] for tab in tabs}


def bookings(organisation: Organisation, asked: Filter, *, now: datetime) -> QuerySet[Booking]:
    """The rows of a tab in its order: past and cancelled newest first, the rest as they come."""
    found = Booking.objects.filter(
        booking_filter.of_bookings(organisation, asked),
        booking_filter.of_tab(organisation, asked.tab, now),
        booking_filter.of_days(organisation, asked),
    )
    return found.order_by(*_order(asked.tab))


def open_writes(organisation: Organisation, asked: Filter) -> QuerySet[Write]:
    """What is on its way or waits: first what needs a person, then the newest."""
    found = Write.objects.filter(booking_filter.of_open(organisation, asked))
    related = ("lead", "person", "about__calendar", "about__resource", "about__appointment_type")
    urgent = Case(When(_NEEDS_PERSON, then=Value(0)), default=Value(1))
    return found.select_related(*related).order_by(urgent, "-created_at", "pk")


def every(organisation: Organisation, asked: Filter, *, now: datetime) -> Iterator[Line]:
    """All rows of a tab for a file, read as they are wanted."""
    found = _with_all(bookings(organisation, asked, now=now))
    for row in found.iterator(chunk_size=CHUNK_ROWS):
        yield _line(row)


def one(organisation: Organisation, pk: Any) -> Line | None:
    row = _with_all(Booking.objects.filter(organisation=organisation, pk=pk)).first()
    return _line(row) if row else None


def day(organisation: Organisation, calendar: Calendar, at: date) -> tuple[list[Line], list[Write]]:
    """All that begins on a local day of ``calendar``, gone ones too, and what is on its way there.

    Two queries.
    """
    start, end = booking_filter.day_span(calendar.zone, at, at)
    asked = Filter(tab=Tab.OPEN, calendar=calendar.pk)
    found = Booking.objects.filter(
        booking_filter.of_bookings(organisation, asked), starts_at__gte=start, starts_at__lt=end
    )
    lines = [_line(row) for row in _with_all(found).order_by("starts_at", "ends_at", "pk")]
    on_its_way = {"kind__in": [Kind.BOOK, Kind.RESCHEDULE], "state__in": sorted(UNFINISHED)}
    opened = open_writes(organisation, asked).filter(**on_its_way)
    coming = [one for one in opened if start <= booking_slot.chosen(one)[0].starts_at < end]
    return lines, sorted(coming, key=lambda one: booking_slot.chosen(one)[0].starts_at)


def _order(tab: Tab) -> tuple[str, str]:
    order = {Tab.PAST: ("-starts_at", "-pk"), Tab.CANCELLED: ("-gone_at", "-pk")}
    return order.get(tab, ("starts_at", "pk"))


def _page_lines(
    organisation: Organisation, asked: Filter, rows: slice, now: datetime
) -> Iterator[Line]:
    # The keys are found and put in order alone, still in one query: sorting whole rows with all
    # that hangs on them takes many times as long.
    keys = bookings(organisation, asked, now=now).values("pk")[rows]
    found = _with_all(Booking.objects.filter(pk__in=keys)).order_by(*_order(asked.tab))
    yield from (_line(row) for row in found)


def _with_all(found: QuerySet[Booking]) -> QuerySet[Booking]:
    """With everything that a row or a file tells, in one query."""
    changing = FilteredRelation("changes", condition=Q(changes__state__in=sorted(UNFINISHED)))
    before = Booking.objects.filter(moved_to=OuterRef("pk")).values("starts_at")[:1]
    told = {f"change_{name}": F(f"change__{name}") for name in Change.__slots__}
    annotated = found.annotate(change=changing).annotate(**told, moved_start=Subquery(before))
    return annotated.select_related(*SEEN_WITH, "moved_to__calendar").defer(*UNSEEN)


def _line(row: Any) -> Line:
    told = {name: getattr(row, f"change_{name}") for name in Change.__slots__}
    return Line(row, Change(**told) if told["kind"] else None, row.moved_start)


def _on_their_way(writes: list[Write], asked: Filter, now: datetime) -> Iterator[Write]:
    """New bookings that have no row yet; changes show at the booking they change."""
    if asked.tab not in {Tab.TODAY, Tab.UPCOMING}:
        return
    for write in writes:
        if write.kind != Kind.BOOK or write.state == State.DONE:
            continue
        starts_at = booking_slot.chosen(write)[0].starts_at
        if asked.tab == Tab.UPCOMING or _is_today(starts_at, str(write.payload["zone"]), now):
            yield write


def _is_today(starts_at: datetime, zone: str, now: datetime) -> bool:
    start, end = booking_filter.day_span(zone, *[booking_filter.local_day(zone, now)] * 2)
    return start <= starts_at < end
