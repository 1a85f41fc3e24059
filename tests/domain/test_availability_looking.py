"""The first free slot, and the weeks walked to find it."""

from datetime import date, timedelta

import pytest

from bookingapp import connect
from bookingapp.domain import availability
from bookingapp.domain.availability.looking import first_open
from bookingapp.domain.availability.memory import Memory
from bookingapp.domain.availability.meta import Meta
from tests.domain.availability_world import CALENDAR, MONDAY, NINE, NOW, TYPE, slot

DAY = timedelta(days=1)
FULL = slot(NINE, capacity=1, booked=1)
CLOSED = slot(NINE + timedelta(minutes=30), available=False)
PAST = slot(NOW - timedelta(minutes=30))
BEGINS_NOW = slot(NOW)
OPEN = slot(NINE + timedelta(hours=1))
OTHERS = slot(NINE + timedelta(hours=2), resource_id="res_2")


def test_the_first_open_slot_is_offered_has_a_seat_and_lies_ahead():
    assert first_open([PAST, BEGINS_NOW, FULL, CLOSED, OPEN, OTHERS], NOW) == OPEN
    assert first_open([PAST, BEGINS_NOW, FULL, CLOSED], NOW) is None


@pytest.mark.parametrize(("resource", "found"), [("res_2", OTHERS), ("res_9", None), ("", OPEN)])
def test_it_may_be_asked_of_one_resource(resource, found):
    assert first_open([FULL, OPEN, OTHERS], NOW, resource) == found


# -- week by week --------------------------------------------------------------------------------


def find(place, from_day=MONDAY, resource=None, **how):
    return availability.find_first_open(place, CALENDAR, TYPE, from_day, resource, now=NOW, **how)


def test_weeks_are_walked_until_something_is_free(fake_connect, place):
    there = slot(NINE + timedelta(days=14))
    fake_connect.slots = (FULL, there)
    found = find(place)
    assert (found.slot, found.day, found.problem) == (there, date(2026, 12, 8), "")
    assert len(fake_connect.calls) == 3
    assert find(place).slot == there
    assert len(fake_connect.calls) == 3


def test_days_before_the_one_asked_for_do_not_count(fake_connect, place):
    friday = slot(NINE + timedelta(days=3))
    fake_connect.slots = (OPEN, friday)
    assert find(place, date(2026, 11, 25)).slot == friday


def test_the_walk_ends(fake_connect, place):
    fake_connect.slots = ()
    found = find(place)
    assert (found.slot, found.searched_until) == (None, date(2026, 12, 28))
    assert len(fake_connect.calls) == 5
    find(place, weeks=10_000, patience_seconds=60)
    assert len(fake_connect.calls) == 26


def test_a_week_that_cannot_be_read_is_not_skipped(fake_connect, place):
    fake_connect.error = connect.Unreachable("down")
    found = find(place, date(2026, 11, 25))
    assert (found.slot, found.problem) == (None, "not_reached")
    assert found.searched_until == date(2026, 11, 25)


def test_a_slow_connect_does_not_hold_it_for_ever(fake_connect, place):
    fake_connect.hold()
    assert find(place, patience_seconds=0.05).problem == "waiting"


# -- what a process keeps ------------------------------------------------------------------------


def kept(memory, *keys):
    return [key for key in keys if memory.get(key)[1]]


def test_a_process_keeps_what_was_used_last_within_bounds():
    memory = Memory(most_slots=5)
    two = (slot(), slot(NINE + DAY))
    for key in ("a", "b"):
        memory.put(key, Meta(tried_at=NOW, version=key), two)
    memory.get("a")
    memory.put("c", Meta(tried_at=NOW, version="c"), two)
    assert kept(memory, "a", "b", "c") == ["a", "c"]
    memory.put("a", Meta(tried_at=NOW, version="a2"), two)
    assert kept(memory, "a", "b", "c") == ["a", "c"]
    memory.put("huge", Meta(tried_at=NOW), two * 5)
    assert kept(memory, "a", "b", "c", "huge") == ["huge"]
