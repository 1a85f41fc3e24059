"""Why a cell is closed, and what works instead."""

import pytest

from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import grid_closed
from bookingapp.web.presenters.grid_cell import Closure
from tests.web.grid_samples import ANNA, JANA, NOW, at, question, slot

COURSE = Closure("Course", ANNA.connect_id, at(8), at(12))


@pytest.mark.parametrize(
    ("slots", "ref", "expected"),
    [
        ([slot(at(6))], SlotRef(at(6), 1), grid_closed.Reason("past")),
        (
            [slot(at(14), capacity=8, booked=8)],
            SlotRef(at(14), 1),
            grid_closed.Reason("full", booked=8, capacity=8),
        ),
        (
            [slot(at(9), available=False)],
            SlotRef(at(9), 1),
            grid_closed.Reason("blocked", blocker="Course", until=at(12)),
        ),
        ([], SlotRef(at(9), 1), grid_closed.Reason("blocked", blocker="Course", until=at(12))),
        ([], SlotRef(at(9), 2), grid_closed.Reason("not_offered")),
        ([slot(at(9), JANA, available=False)], SlotRef(at(9), 2), grid_closed.Reason("withheld")),
    ],
)
def test_reason(slots, ref, expected):
    asked = question(closures=[COURSE])
    assert grid_closed.reason(slots, asked, ref, NOW) == expected


def test_ways_are_somebody_else_now_and_the_same_resource_later():
    slots = [
        slot(at(9), booked=1),
        slot(at(9), JANA),
        slot(at(10), JANA),
        slot(at(11), available=False),
        slot(at(12)),
    ]
    ways = grid_closed.ways(slots, at(9), ANNA.connect_id, NOW)
    assert ways == grid_closed.Ways(same_time=slots[1], later=slots[4])
    anyone = grid_closed.ways(slots, at(9), "", NOW)
    assert anyone.later == slots[2]


def test_after_a_past_time_the_next_one_lies_ahead():
    ways = grid_closed.ways([slot(at(6, 30)), slot(at(9))], at(6), "", NOW)
    assert ways.later.starts_at == at(9)


def test_nothing_works_in_a_full_week():
    assert grid_closed.ways([slot(at(9), booked=1)], at(9), "", NOW) == grid_closed.Ways(None, None)
