"""What a cell is to somebody who moves a booking: here, free then, or what it is to everybody."""

from datetime import timedelta

import pytest

from bookingapp.web.presenters import grid, grid_cell, grid_moving
from bookingapp.web.presenters.grid_cell import Closure
from bookingapp.web.presenters.grid_moving import Place
from tests.web.grid_samples import ANNA, JANA, NOW, at, question, slot

HALF_AN_HOUR = timedelta(minutes=30)


def place(frees=(), **more):
    """Anna's from nine to half past; ``frees`` are the slots that open once it moves."""
    told = {"resource_id": ANNA.connect_id, "resource_name": ANNA.name, "starts_at": at(9)}
    told |= {"ends_at": at(9, 30), "frees": lambda one: one in frees}
    return Place(**told | more)


def full(hour, person=ANNA, minute=0):
    return slot(at(hour, minute), person, booked=1)


@pytest.mark.parametrize(
    ("slots", "state", "is_here"),
    [
        ([full(9)], grid_cell.HERE, True),
        ([slot(at(9), capacity=3, booked=1)], grid_cell.HERE, True),
        ([full(9), slot(at(9), JANA)], grid_cell.FREE, True),
        ([full(9), full(9, JANA)], grid_cell.FULL, True),
        ([full(9, JANA)], grid_cell.FULL, False),
        ([slot(at(10))], grid_cell.FREE, False),
        ([], grid_cell.NONE, False),
    ],
)
def test_its_own_slot_is_where_it_is_and_never_a_choice(slots, state, is_here):
    cell = grid_moving.cell_of(place(), slots, (), NOW)
    assert (cell.state, cell.is_here) == (state, is_here)
    open_ones = grid_moving.choosable(place(), slots, (), NOW)
    assert not any(
        one.resource_id == ANNA.connect_id and one.starts_at == at(9) for one in open_ones
    )
    assert bool(open_ones) == (state == grid_cell.FREE)


def test_what_it_frees_is_a_choice_after_what_is_open():
    mine, other = full(10), slot(at(10), JANA)
    moving = place(frees=[mine])
    assert grid_moving.cell_of(moving, [mine], (), NOW).state == grid_cell.FREED
    assert grid_moving.cell_of(moving, [mine], (), NOW).is_open
    # Somebody is free anyway: the cell says what it says to everybody, the panel offers both.
    assert grid_moving.cell_of(moving, [mine, other], (), NOW).state == grid_cell.LAST
    assert grid_moving.choosable(moving, [mine, other], (), NOW) == [other, mine]


def test_past_and_blocked_time_is_not_freed():
    mine = full(10)
    moving = place(frees=[mine])
    closure = Closure("Holiday", ANNA.connect_id, at(10), at(11))
    assert grid_moving.cell_of(moving, [mine], [closure], NOW).state == grid_cell.FULL
    assert grid_moving.choosable(moving, [mine], [closure], NOW) == []
    assert grid_moving.cell_of(moving, [mine], (), at(12)).state == grid_cell.PAST
    assert grid_moving.choosable(moving, [mine], (), at(12)) == []


def test_for_another_type_its_very_time_is_another_place():
    other_type = place(frees=[full(9)], is_same_type=False)
    cell = grid_moving.cell_of(other_type, [full(9)], (), NOW)
    assert (cell.state, cell.is_here) == (grid_cell.FREED, False)
    assert grid_moving.with_place(other_type, ()) == ()


@pytest.mark.parametrize("hours", [(), (8,), (10,), (8, 10)])
def test_left_out_by_connect_it_is_put_where_it_belongs(hours):
    slots = [slot(at(hour)) for hour in hours] + [slot(at(11), JANA)]
    found = grid_moving.with_place(place(), slots)
    assert [one.starts_at for one in found] == sorted([at(9), *(one.starts_at for one in slots)])
    made = grid.build(question(resource=ANNA, place=place()), found, NOW)
    cells = [cell for row in made.cells for cell in row]
    assert [cell.state for cell in cells if cell.is_here] == [grid_cell.HERE]


def test_listed_it_is_not_put_in_twice():
    slots = (full(9, JANA), full(9), slot(at(10)))
    assert grid_moving.with_place(place(), slots) is slots
    shifted = place(starts_at=at(9) + HALF_AN_HOUR)
    assert len(grid_moving.with_place(shifted, slots)) == len(slots) + 1


def test_a_grid_nobody_moves_in_has_no_marks():
    made = grid.build(question(), [full(9), slot(at(10))], NOW)
    cells = [cell for row in made.cells for cell in row]
    assert not any(cell.is_here for cell in cells)
    assert {cell.state for cell in cells} <= {grid_cell.FULL, grid_cell.FREE, grid_cell.NONE}
