"""Law 6: nobody's appointment moves to another time without a person saying so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp.domain.slotfill import Wish, alternatives, key_of, next_candidate
from bookingapp.domain.slots import Slot, SlotRef, is_open, seats_left

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


def slot(resource="jana", minutes=0, booked=0, capacity=1, available=True):
    starts_at = TEN + timedelta(minutes=minutes)
    return Slot(
        resource_id=resource,
        resource_name=resource.title(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        capacity=capacity,
        booked=booked,
        available=available,
    )


def wish(resource="jana", *, anyone=False, nearby=0):
    return Wish(starts_at=TEN, resource_id=resource, anyone=anyone, nearby_minutes=nearby)


@pytest.mark.parametrize(
    ("asked", "offered", "expected"),
    [
        (wish(), [slot("ben")], None),
        (wish(anyone=True), [slot("ben")], ("ben", 0)),
        (wish(anyone=True), [slot("ben", 30)], None),
        (wish(nearby=60), [slot("jana", 30)], ("jana", 30)),
        (wish(nearby=60), [slot("ben", 30)], None),
        (wish(nearby=60), [slot("jana", 90)], None),
        (wish(anyone=True, nearby=60), [slot("ben", 30), slot("cem")], ("cem", 0)),
        (
            wish(anyone=True),
            [slot("ben", booked=2, capacity=3), slot("cem", capacity=3)],
            ("cem", 0),
        ),
        (wish(""), [slot("ben")], ("ben", 0)),
        (wish(anyone=True), [slot("ben", available=False)], None),
        (wish(anyone=True), [slot("ben", booked=1)], None),
    ],
)
def test_candidates_stay_within_what_was_allowed(asked, offered, expected):
    found = next_candidate(asked, offered, set(), NOW)
    wanted = expected and (expected[0], TEN + timedelta(minutes=expected[1]))
    assert (found and key_of(found)) == wanted


def test_a_slot_that_was_refused_is_not_tried_again():
    taken = slot()
    assert next_candidate(wish(), [taken], {key_of(taken)}, NOW) is None


def test_alternatives_are_the_nearest_open_ones():
    offered = [slot("ben", 60), slot("jana", 30), slot("cem", 0), slot("jana", 0, booked=1)]
    found = alternatives(wish(), offered, set(), NOW)
    assert [key_of(one)[0] for one in found] == ["cem", "jana", "ben"]


slots = st.builds(
    slot,
    resource=st.sampled_from(["jana", "ben", "cem"]),
    minutes=st.integers(-600, 600),
    booked=st.integers(0, 3),
    capacity=st.integers(0, 3),
    available=st.booleans(),
)


@given(st.lists(slots, max_size=20), st.booleans(), st.integers(0, 120))
def test_no_candidate_ever_leaves_the_wish(offered, anyone, nearby):
    asked = wish(anyone=anyone, nearby=nearby)
    found = next_candidate(asked, offered, set(), NOW)
    if found is not None:
        assert abs(found.starts_at - TEN) <= timedelta(minutes=nearby)
        assert anyone or found.resource_id == "jana"
        assert is_open(found, NOW)
        assert seats_left(found) > 0


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 10**12))
def test_a_reference_survives_the_trip_through_a_page(moment, pk):
    ref = SlotRef(moment.replace(microsecond=0, tzinfo=UTC), pk)
    assert SlotRef.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text", ["", "x", "20261124T133000Z", "20261399T000000Z-1", "20261124T133000Z--1"]
)
def test_anything_else_is_no_reference(text):
    with pytest.raises(ValueError, match=r"reference|format|range|day"):
        SlotRef.parse(text)


@pytest.mark.parametrize(
    "forged", ["99991231T235959Z-0", "19991231T235959Z-0", "22010101T000000Z-1"]
)
def test_a_reference_to_the_end_of_time_is_none(forged):
    with pytest.raises(ValueError, match="far"):
        SlotRef.parse(forged)
    assert SlotRef.parse("22001231T235959Z-7").resource_pk == 7
