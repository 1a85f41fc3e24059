"""What a cell says: tables of cases."""

import pytest

from bookingapp.web.presenters.grid_cell import (
    BLOCKED,
    CLOSED,
    FREE,
    FULL,
    LAST,
    NONE,
    PAST,
    Closure,
    cell_of,
    open_slots,
)
from tests.web.grid_samples import ANNA, JANA, NOW, at, slot

NINE = at(9)
HOLIDAY = Closure("Holiday", None, at(8), at(12))
ANNAS = Closure("Course", ANNA.connect_id, at(8), at(12))


@pytest.mark.parametrize(
    ("slots", "closures", "state", "left", "capacity"),
    [
        ([], [], NONE, 0, 0),
        ([slot(NINE)], [], FREE, 1, 1),
        ([slot(NINE, capacity=8, booked=5)], [], FREE, 3, 8),
        ([slot(NINE, capacity=8, booked=6)], [], LAST, 2, 8),
        ([slot(NINE, capacity=3, booked=2)], [], LAST, 1, 3),
        ([slot(NINE, capacity=8, booked=8)], [], FULL, 0, 8),
        ([slot(NINE, capacity=8, booked=11)], [], FULL, 0, 8),
        ([slot(NINE, capacity=0)], [], FULL, 0, 0),
        ([slot(NINE, capacity=8, booked=2, available=False)], [], CLOSED, 0, 0),
        ([slot(NINE, available=False)], [HOLIDAY], BLOCKED, 0, 0),
        ([slot(NINE, available=False)], [ANNAS], BLOCKED, 0, 0),
        ([slot(NINE, JANA, available=False)], [ANNAS], CLOSED, 0, 0),
        ([slot(at(12), available=False)], [HOLIDAY], CLOSED, 0, 0),
        # Connect's word counts: what it offers is free, whatever our copy of a blocker says.
        ([slot(NINE)], [HOLIDAY], FREE, 1, 1),
        ([slot(at(7), capacity=3)], [], PAST, 0, 0),
        # Anyone: seats add up, one open slot opens the cell, full wins over blocked.
        ([slot(NINE, capacity=3), slot(NINE, JANA, booked=1)], [], FREE, 3, 4),
        (
            [slot(NINE, capacity=3, booked=3), slot(NINE, JANA, available=False)],
            [ANNAS],
            FULL,
            0,
            3,
        ),
    ],
)
def test_cell_state(slots, closures, state, left, capacity):
    cell = cell_of(slots, closures, NOW)
    assert (cell.state, cell.left, cell.capacity) == (state, left, capacity)


def test_blocked_cell_names_its_blocker():
    assert cell_of([slot(NINE, available=False)], [HOLIDAY], NOW).blocker == "Holiday"


def test_slot_that_begins_now_is_past():
    assert cell_of([slot(NOW)], [], NOW).state == PAST


def test_open_slots_are_offered_emptiest_first():
    busy, empty = slot(NINE, capacity=3, booked=2), slot(NINE, JANA, capacity=3)
    full = slot(NINE, capacity=1, booked=1)
    assert open_slots([busy, full, empty], NOW) == [empty, busy]
