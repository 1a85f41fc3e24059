"""Slots on their way into a reading: bounded, ordered, each once, and small when packed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp import connect
from bookingapp.domain.availability import Reading, age_seconds
from bookingapp.domain.availability.readings import MOST_SLOTS, arrange, pack, unpack
from tests.domain.availability_world import NINE, NOW, organisation, slot, week, window

WINDOW = window(organisation())

texts = st.text(max_size=12)
ids = st.text(min_size=1, max_size=12)
instants = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20), timezones=st.just(UTC))
slots = st.builds(
    connect.Slot,
    resource_id=ids,
    starts_at=instants,
    ends_at=instants,
    capacity=st.integers(-5, 2**40),
    booked=st.integers(-5, 2**40),
    available=st.booleans(),
    resource_name=texts,
    resource_colour=texts,
    resource_slot_id=st.none() | ids,
    appointment_type_id=st.none() | ids,
)


@given(st.lists(slots, max_size=20).map(tuple))
def test_what_is_unpacked_is_what_was_packed(given_slots):
    version, body = pack(given_slots)
    assert unpack(body) == given_slots
    assert pack(unpack(body)) == (version, body)


@given(st.lists(slots, max_size=20))
def test_a_reading_has_its_windows_slots_in_order_whatever_the_order_they_came_in(given_slots):
    arranged = arrange(given_slots, WINDOW)
    assert all(WINDOW.starts_at <= s.starts_at < WINDOW.ends_at for s in arranged)
    order = [(s.starts_at, s.resource_name) for s in arranged]
    assert order == sorted(order)
    assert pack(arrange(reversed(given_slots), WINDOW))[0] == pack(arranged)[0]


def test_of_a_slot_listed_twice_the_fuller_account_counts():
    roomy, full = slot(booked=0), slot(booked=3)
    assert arrange([roomy, full, roomy], WINDOW) == (full,)


def test_the_window_begins_with_its_first_instant_and_ends_before_its_last():
    border = [slot(WINDOW.starts_at), slot(WINDOW.ends_at - timedelta(seconds=1))]
    outside = [slot(WINDOW.starts_at - timedelta(seconds=1)), slot(WINDOW.ends_at)]
    assert arrange([*outside, *border], WINDOW) == tuple(border)


def test_a_list_gone_wild_is_cut():
    wild = [slot(NINE, resource_id=f"res_{number}") for number in range(MOST_SLOTS + 5)]
    assert len(arrange(wild, WINDOW)) == MOST_SLOTS


def test_a_full_week_is_small():
    assert len(pack(week())[1]) < 10_000


def test_one_seat_more_is_another_version():
    assert pack((slot(booked=1),))[0] != pack((slot(booked=2),))[0]


@pytest.mark.parametrize("body", [b"", b"nonsense", pack((slot(),))[1][:-9], b"x\x9c"])
def test_what_is_not_packed_slots_is_refused(body):
    with pytest.raises(ValueError, match="not packed slots"):
        unpack(body)


def test_age_is_counted_from_the_question_and_never_below_zero():
    assert age_seconds(Reading(NOW), NOW + timedelta(seconds=4)) == 4
    assert age_seconds(Reading(NOW), NOW - timedelta(seconds=4)) == 0
    assert age_seconds(Reading(None), NOW) is None
