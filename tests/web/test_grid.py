"""The shape of the grid: rows, columns, and that every cell is the instant Connect gave."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import grid, grid_clock
from bookingapp.web.presenters.grid_cell import BLOCKED, Closure
from bookingapp.web.presenters.grid_clock import Row
from tests.web.grid_samples import (
    ANNA,
    BERLIN,
    JANA,
    MONDAY,
    NOW,
    at,
    day_question,
    question,
    slot,
)

# Mondays of weeks with a clock change (and the same weeks where there is none).
CHANGES = [date(2026, 3, 23), date(2026, 10, 19), date(2026, 3, 2), date(2026, 10, 26),
           date(2026, 9, 28), date(2026, 3, 30)]  # fmt: skip
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


def all_day(monday, zone, minutes=30):
    """A slot at every local half hour of the week, instants counted straight through."""
    starts = grid.local_midnight(monday, zone)
    ends = grid.local_midnight(monday + timedelta(days=7), zone)
    count = int((ends - starts) / timedelta(minutes=minutes))
    return [slot(starts + timedelta(minutes=minutes * step)) for step in range(count)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("monday", CHANGES)
@pytest.mark.parametrize("view", [grid.DAY, grid.WEEK])
def test_every_instant_of_a_clock_change_week_has_its_own_cell(zone, monday, view):
    local = ZoneInfo(zone)
    given = all_day(monday, local)
    shown = set()
    for day in [monday] if view == grid.WEEK else [monday + timedelta(days=n) for n in range(7)]:
        asked = question(view=view, day=day, zone=local, resources=[ANNA])
        made = grid.build(asked, given, monday_now(monday))
        for row, cells in enumerate(made.cells):
            for column, cell in enumerate(cells):
                if not cell.is_open:
                    continue
                ref = made.ref(row, column)
                assert ref not in shown
                shown.add(ref)
                there = ref.starts_at.astimezone(local)
                assert there.date() == made.columns[column].day
                assert f"{there:%H:%M}" == made.rows[row].label
    assert {ref.starts_at for ref in shown} == {one.starts_at for one in given}


def monday_now(monday):
    return datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - timedelta(days=2)


@pytest.mark.parametrize(
    ("zone", "sunday", "labels"),
    [
        ("Europe/Berlin", date(2026, 10, 25),
         ["01:30", "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00", "03:00"]),
        ("America/New_York", date(2026, 11, 1),
         ["00:30", "01:00-04:00", "01:30-04:00", "01:00-05:00", "01:30-05:00", "02:00"]),
        ("Australia/Lord_Howe", date(2026, 4, 5),
         ["01:00", "01:30+11:00", "01:30+10:30", "02:00"]),
    ],
)  # fmt: skip
def test_repeated_hour_has_two_rows_in_the_order_of_the_clock(zone, sunday, labels):
    local = ZoneInfo(zone)
    monday = sunday - timedelta(days=6)
    made = grid.build(question(day=sunday, zone=local), all_day(monday, local), monday_now(monday))
    names = [row.label + row.offset_label for row in made.rows]
    start = names.index(labels[0])
    assert names[start : start + len(labels)] == labels


def test_skipped_time_is_no_instant_and_offers_nothing():
    sunday = date(2026, 3, 29)
    given = all_day(sunday - timedelta(days=6), BERLIN)
    made = grid.build(question(day=sunday), given, monday_now(sunday - timedelta(days=6)))
    row = made.rows.index(Row(2 * 60 + 30))
    assert made.ref(row, 6) is None
    assert not made.cells[row][6].is_open
    assert made.cells[row][5].is_open


def test_day_view_of_an_ordinary_day_has_no_offsets_in_a_change_week():
    saturday = date(2026, 10, 24)
    given = all_day(date(2026, 10, 19), BERLIN)
    made = grid.build(day_question(day=saturday), given, monday_now(date(2026, 10, 19)))
    assert {row.offset_label for row in made.rows} == {""}
    assert len(made.rows) == 48


def test_clock_that_goes_back_at_midnight_repeats_the_hour_before_it():
    # Saturday 16 February 2019 had 23:00 twice.
    zone = ZoneInfo("America/Sao_Paulo")
    monday = date(2019, 2, 11)
    given = all_day(monday, zone)
    made = grid.build(question(day=monday, zone=zone, resources=[ANNA]), given, monday_now(monday))
    column = [start[5] for start in made.starts if start[5]]
    assert column == sorted(column)
    assert [row.label for row in made.rows[-4:]] == ["23:00", "23:30", "23:00", "23:30"]


def test_week_adds_up_everybody_and_day_gives_each_a_column():
    given = [slot(at(9), capacity=3), slot(at(9), JANA, capacity=3, booked=1)]
    week = grid.build(question(), given, NOW)
    assert [column.day for column in week.columns] == [MONDAY + timedelta(days=n) for n in range(7)]
    assert (week.cells[0][0].left, week.cells[0][0].resources) == (5, 2)
    assert week.ref(0, 0) == SlotRef(at(9))
    day = grid.build(day_question(), given, NOW)
    assert [column.resource for column in day.columns] == [ANNA, JANA]
    assert [cell.left for cell in day.cells[0]] == [3, 2]
    assert day.ref(0, 1) == SlotRef(at(9), JANA.pk)


def test_resource_filter_narrows_both_views():
    given = [slot(at(9)), slot(at(9), JANA), slot(at(10))]
    week = grid.build(question(resource=JANA), given, NOW)
    assert [row.label for row in week.rows] == ["09:00"]
    assert week.ref(0, 0) == SlotRef(at(9), JANA.pk)
    day = grid.build(day_question(resource=JANA), given, NOW)
    assert len(day.columns) == 1


def test_rows_are_only_the_times_that_are_offered():
    given = [slot(at(9)), slot(at(10, 15)), slot(at(9, day=MONDAY + timedelta(days=1)))]
    made = grid.build(question(), given, NOW)
    assert [row.label for row in made.rows] == ["09:00", "10:15"]


def test_blocker_shows_where_connect_leaves_the_slots_out():
    given = [slot(at(9)), slot(at(10), JANA)]
    closure = Closure("Course", JANA.connect_id, at(8), at(9, 30))
    made = grid.build(day_question(closures=[closure]), given, NOW)
    assert made.cells[0][1].state == BLOCKED


def test_slots_of_other_weeks_and_unknown_resources_do_not_show_in_the_day():
    from bookingapp.web.presenters.grid import Person

    stranger = Person(9, "res_new", "New")
    given = [slot(at(9), stranger), slot(at(9, day=MONDAY + timedelta(days=7)))]
    assert not grid.build(day_question(), given, NOW).has_open


def test_no_slots_is_an_empty_grid():
    made = grid.build(question(), [], NOW)
    assert (made.rows, made.has_open) == ([], False)


def test_instant_of_a_row_knows_both_passes_of_the_repeated_hour():
    sunday = date(2026, 10, 25)
    first = grid_clock.instant(sunday, Row(150, 120), BERLIN)
    second = grid_clock.instant(sunday, Row(150, 60), BERLIN)
    assert second - first == timedelta(hours=1)
    assert grid_clock.instant(date(2026, 3, 29), Row(150), BERLIN) is None
