"""Design 4.4: only an empty slot, seen late enough, proves that nothing was booked."""

import pytest

from bookingapp.domain.evidence import Verdict, counts, find, weigh
from tests.domain.test_slotfill import NOW, TEN, slot


@pytest.mark.parametrize(
    ("seen", "seconds", "verdict"),
    [
        (slot(), 10, Verdict.ABSENT),
        (slot(), 9.9, Verdict.WAIT),
        (slot(booked=1), 0, Verdict.CANNOT_TELL),
        (slot(booked=1, capacity=8), 60, Verdict.CANNOT_TELL),
        (None, 60, Verdict.CANNOT_TELL),
    ],
)
def test_what_a_count_proves(seen, seconds, verdict):
    assert weigh(seen, seconds_since=seconds, settle_seconds=10) == verdict


def test_the_slot_is_found_by_resource_and_instant():
    there = [slot("ben"), slot("jana", 30), slot("jana", booked=1)]
    assert find(there, resource_id="jana", starts_at=TEN) is there[2]
    assert find(there, resource_id="nobody", starts_at=TEN) is None


def test_the_numbers_are_kept_with_their_time():
    kept = counts(slot(booked=1, capacity=3), NOW)
    assert kept == {"listed": True, "booked": 1, "capacity": 3, "as_of": NOW.isoformat()}
    assert counts(None, None) == {"listed": False, "as_of": None}
