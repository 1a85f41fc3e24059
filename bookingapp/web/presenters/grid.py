"""Availability as a grid: a column per day or per resource, a row per local start time. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from bookingapp.domain.slots import ANYONE, Slot, SlotRef
from bookingapp.web.presenters import grid_cell, grid_clock, grid_moving
from bookingapp.web.presenters.grid_cell import Cell, Closure
from bookingapp.web.presenters.grid_clock import Row
from bookingapp.web.presenters.grid_moving import Place

DAY, WEEK = "day", "week"


@dataclass(frozen=True, slots=True)
class Person:
    """A resource as the grid names it: our row's key, Connect's id."""

    pk: int
    connect_id: str
    name: str
    hue: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A day, of everybody or of one resource. ``resource`` is None for anyone."""

    day: date
    resource: Person | None = None

    @property
    def pk(self) -> int:
        return self.resource.pk if self.resource else ANYONE


@dataclass(frozen=True)
class Question:
    """What the grid shows: seven days or one; ``resources`` who does the type here.

    ``resource`` narrows it to one of them. ``monday`` is the first day of the shown week.
    ``place`` is that of the booking which looks for another one, if any does.
    """

    view: str
    day: date
    monday: date
    zone: tzinfo
    resources: Sequence[Person]
    resource: Person | None = None
    closures: Sequence[Closure] = ()
    place: Place | None = None

    @cached_property
    def columns(self) -> list[Column]:
        if self.view == WEEK:
            week = (self.monday + timedelta(days=ahead) for ahead in range(7))
            return [Column(day, self.resource) for day in week]
        people = [self.resource] if self.resource else self.resources
        return [Column(self.day, one) for one in people]

    @property
    def by_resource(self) -> bool:
        """Whether a cell is one resource's: always but in the week of anyone."""
        return self.view == DAY or self.resource is not None

    def cell_of(self, slots: Sequence[Slot], now: datetime) -> Cell:
        """The cell of slots that all start together."""
        if self.place is None:
            return grid_cell.cell_of(slots, self.closures, now)
        return grid_moving.cell_of(self.place, slots, self.closures, now)


@dataclass(frozen=True)
class Grid:
    """Cells by row and then by column, in the order of ``rows`` and ``columns``."""

    question: Question
    rows: list[Row]
    cells: list[list[Cell]]
    starts: list[list[datetime | None]]

    @property
    def columns(self) -> list[Column]:
        return self.question.columns

    def ref(self, row: int, column: int) -> SlotRef | None:
        """Names a cell; None where the day has no such local time."""
        starts_at = self.starts[row][column]
        return SlotRef(starts_at, self.columns[column].pk) if starts_at else None

    @property
    def has_open(self) -> bool:
        return any(cell.is_open for row in self.cells for cell in row)


def build(question: Question, slots: Sequence[Slot], now: datetime) -> Grid:
    """The grid of one reading's slots (sorted by start) at ``now`` (aware UTC)."""
    # Sorted by start: 1,400 slots are 140 groups, and only those are placed by the clock.
    together = [
        (start, list(group))
        for start, group in groupby(_within(slots, question), attrgetter("starts_at"))
    ]
    places = grid_clock.rows_of((start for start, _group in together), question.zone)
    columns = {_key(column, question): at for at, column in enumerate(question.columns)}
    filled: dict[tuple[Row, int], list[Slot]] = {}
    for start, group in together:
        day, row = places[start]
        for key, own in _split(group, question):
            column = columns.get((day, key))
            if column is not None:
                filled.setdefault((row, column), []).extend(own)
    rows = grid_clock.in_order(places.values(), question.zone)
    return _grid(question, rows, filled, now)


def local_midnight(day: date, zone: tzinfo) -> datetime:
    """The instant (UTC) at which a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _within(slots: Sequence[Slot], question: Question) -> Sequence[Slot]:
    """The slots of the shown days, and of the chosen resource."""
    first, days = (question.monday, 7) if question.view == WEEK else (question.day, 1)
    by_start = attrgetter("starts_at")
    begin = bisect_left(slots, local_midnight(first, question.zone), key=by_start)
    end = bisect_left(
        slots, local_midnight(first + timedelta(days=days), question.zone), key=by_start
    )
    if question.resource is None:
        return slots[begin:end]
    wanted = question.resource.connect_id
    return [slot for slot in slots[begin:end] if slot.resource_id == wanted]


def _split(group: list[Slot], question: Question) -> Iterable[tuple[str, list[Slot]]]:
    """Slots that start together, by the column key's resource: "" where a cell is everybody's."""
    if not question.by_resource:
        return [("", group)]
    return [(slot.resource_id, [slot]) for slot in group]


def _key(column: Column, question: Question) -> tuple[date, str]:
    own = column.resource if question.by_resource else None
    return column.day, own.connect_id if own else ""


def _grid(
    question: Question,
    rows: list[Row],
    filled: dict[tuple[Row, int], list[Slot]],
    now: datetime,
) -> Grid:
    cells: list[list[Cell]] = []
    starts: list[list[datetime | None]] = []
    for row in rows:
        found = [filled.get((row, at), []) for at in range(len(question.columns))]
        known = {c.day: s[0].starts_at for c, s in zip(question.columns, found, strict=True) if s}
        at_row = [
            known.get(column.day) or grid_clock.instant(column.day, row, question.zone)
            for column in question.columns
        ]
        starts.append(at_row)
        cells.append(
            [
                question.cell_of(slots, now)
                if slots
                else _without_slots(question, column, starts_at, now)
                for slots, column, starts_at in zip(found, question.columns, at_row, strict=True)
            ]
        )
    return Grid(question, rows, cells, starts)


def _without_slots(
    question: Question, column: Column, starts_at: datetime | None, now: datetime
) -> Cell:
    """Connect may leave out what a blocker covers: the cell still says so."""
    if starts_at is None or starts_at <= now:
        return grid_cell.EMPTY
    own = column.resource.connect_id if column.resource else None
    for closure in question.closures:
        if closure.covers(own, starts_at, starts_at + grid_clock.MINUTE):
            return Cell(grid_cell.BLOCKED, blocker=closure.name)
    return grid_cell.EMPTY
