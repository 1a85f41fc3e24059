"""Availability: windows, mappings, blockers, capacities, buffers, bookings (contract 5.4, 5.5)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.box import MONDAY, instant

QUIET = MONDAY + timedelta(days=70)  # beyond the seeded bookings
MEMBERS = {
    "resourceId": str, "resourceName": str, "resourceColor": str, "resourceSlotId": str,
    "appointmentTypeId": str, "startDateTime": str, "endDateTime": str,
    "maxParallelBookings": int, "currentBookings": int, "available": bool,
}  # fmt: skip


def test_main_calendar_offers_1400_slots_a_week(box):
    slots = box.slots()
    assert len(slots) == 1400
    per_resource = Counter(slot["resourceId"] for slot in slots)
    assert set(per_resource.values()) == {140}
    assert len(per_resource) == 10
    for slot in slots:
        assert {name: type(value) for name, value in slot.items()} == MEMBERS


def test_meta_tells_of_the_type(box):
    query = {
        "calendarId": box.ids["calendar", "Berlin Mitte"],
        "appointmentTypeId": box.ids["appointment_types", "Behandlung"],
        "start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z",
    }  # fmt: skip
    assert box.read.get("availability/", params=query).json()["meta"] == {
        "appointmentTypeName": "Behandlung", "defaultBookingLength": 60, "bufferAfter": 15,
        "dynamicLength": False,
    }  # fmt: skip


def test_slots_lie_on_the_local_grid_inside_the_opening_hours(box):
    for slot in box.slots(resource="Dr. Anna Müller"):
        start = instant(slot["startDateTime"]).astimezone(ZoneInfo("Europe/Berlin"))
        end = instant(slot["endDateTime"]).astimezone(ZoneInfo("Europe/Berlin"))
        opens, closes = (9, 19) if start.weekday() == 5 else (8, 20)
        assert start.weekday() < 6
        assert opens <= start.hour < closes
        assert (end.hour, end.minute) <= (closes, 0)
        assert start.minute in {0, 30}
        assert end - start == timedelta(minutes=30)


def test_search_length_finer_than_the_length(box):
    slots = box.slots(kind="Behandlung", resource="Jürgen Groß", end=MONDAY + timedelta(days=1))
    starts = [instant(slot["startDateTime"]) for slot in slots]
    assert {b - a for a, b in pairwise(starts)} == {timedelta(minutes=30)}
    assert {slot["endDateTime"] for slot in slots[:1]} == {"2026-11-23T08:00:00Z"}
    assert starts[-1] == datetime(2026, 11, 23, 18, tzinfo=UTC)  # 19:00 to 20:00 in Berlin


def test_step_length_overrides_the_search_length(box):
    day = {"resource": "Jürgen Groß", "end": MONDAY + timedelta(days=1)}
    assert len(box.slots(**day)) == 24
    finer = box.slots(**day, stepLength="15")
    assert len(finer) == 47
    odd = next(s for s in finer if s["startDateTime"][14:16] == "15" and s["available"])
    assert box.book(odd).status_code == 201


@pytest.mark.parametrize("step", ["0", "-5", "7", "x", "1e9", "nan"])
def test_step_length_that_makes_no_sense_is_400(box, step):
    with pytest.raises(AssertionError, match="stepLength"):
        box.slots(stepLength=step)


def test_window_is_half_open(box):
    eight, nine = MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=9)
    starts = {slot["startDateTime"] for slot in box.slots(start=eight, end=nine)}
    assert starts == {"2026-11-23T07:00:00Z", "2026-11-23T07:30:00Z"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", ""), ("start", "2026-11-23"), ("start", "2026-11-23T00:00:00"),
        ("start", "x"), ("end", "2026-11-22T00:00:00Z"), ("end", "2029-01-01T00:00:00Z"),
        ("includeUnavailable", "maybe"), ("start", "0001-01-01T00:00:00+14:00"),
    ],
)  # fmt: skip
def test_query_that_makes_no_sense_is_400(box, name, value):
    query = {
        "calendarId": box.ids["calendar", "Berlin Mitte"],
        "appointmentTypeId": box.ids["appointment_types", "Erstberatung"],
        "start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z",
    }  # fmt: skip
    reply = box.read.get("availability/", params=query | {name: value})
    assert reply.status_code == 400
    assert reply.json()["message"].startswith("Validation failed: ")


def test_full_and_blocked_slots_are_listed_unless_left_out(box):
    week = {"start": MONDAY + timedelta(days=14)}  # the week of the outing
    everything = box.slots(**week)
    free = [slot for slot in everything if slot["available"]]
    assert 0 < len(free) < len(everything)
    assert box.slots(**week, includeUnavailable="false") == free
    box.switch(availability__default="only_free")
    assert box.slots(**week) == free
    assert box.slots(**week, includeUnavailable="true") == everything


def test_blocker_of_the_calendar_blocks_every_resource(box):
    day = {"start": MONDAY + timedelta(days=17), "end": MONDAY + timedelta(days=18)}
    blocked = box.slots(**day)
    assert len(blocked) == 240
    assert {slot["available"] for slot in blocked} == {False}
    assert {slot["currentBookings"] for slot in blocked} == {0}
    box.switch(availability__blocked="omitted")
    assert box.slots(**day) == []


def test_blocker_of_one_resource_blocks_only_it(box):
    blockers = box.read.get(
        "resource_slot_blockers/", params={"calendarId": box.ids["calendar", "Berlin Mitte"]}
    ).json()
    training = next(one for one in blockers if one["name"] == "Fortbildung")
    assert training["resourceId"] == box.ids["resources", "Dr. Anna Müller"]
    start, end = instant(training["startDateTime"]), instant(training["endDateTime"])
    assert {slot["available"] for slot in box.slots(
        resource="Dr. Anna Müller", start=start, end=end)} == {False}  # fmt: skip
    assert any(slot["available"] for slot in box.slots(start=start, end=end))


def test_capacity_of_the_slot_overrides_the_resource(box):
    by_day = {
        instant(slot["startDateTime"]).weekday(): slot["maxParallelBookings"]
        for slot in box.slots(resource="Kursraum")
    }
    assert by_day == {0: 8, 1: 8, 2: 8, 3: 8, 4: 8, 5: 4}


def test_only_mapped_resources_are_offered(box):
    named = {slot["resourceName"] for slot in box.slots(kind="Gruppenkurs")}
    assert named == {"Behandlungsraum 2", "Kursraum"}
    assert box.slots(kind="Gruppenkurs", resource="Jürgen Groß") == []
    assert box.slots(calendar="New York") == []


def test_booking_is_counted_on_every_slot_it_overlaps(box):
    ten = QUIET + timedelta(hours=10)
    (slot,) = box.slots(resource="Kursraum", start=ten, end=ten + timedelta(minutes=1))
    assert box.book(slot).status_code == 201
    courses = box.slots(resource="Kursraum", kind="Gruppenkurs",
        start=ten - timedelta(minutes=90), end=ten + timedelta(hours=1))  # fmt: skip
    # 90 minutes each: from 8:30 (ends as the booking starts) to 10:30 (starts as it ends).
    assert [one["currentBookings"] for one in courses] == [0, 1, 1, 1, 0]
    assert {one["available"] for one in courses} == {True}


def test_buffer_keeps_the_seat_a_while_longer(box):
    first = box.free("Jürgen Groß", kind="Behandlung", start=QUIET)
    assert box.book(first).status_code == 201
    end = instant(first["endDateTime"])
    after = box.slots(resource="Jürgen Groß", start=end, end=end + timedelta(hours=1))
    assert [slot["available"] for slot in after] == [False, True]
    assert box.book(after[0]).status_code == 400
    assert box.book(after[1]).status_code == 201


def test_buffer_of_the_new_booking_counts_as_well(box):
    ten = QUIET + timedelta(hours=10)
    hour = {"resource": "Zoë Çelik", "start": ten, "end": ten + timedelta(minutes=1)}
    (later,) = box.slots(**hour)
    assert box.book(later).status_code == 201
    before = box.slots(
        resource="Zoë Çelik", kind="Behandlung",
        start=ten - timedelta(hours=1), end=ten,
    )  # fmt: skip
    # 9:00 to 10:00 would need the room until 10:15, 9:30 to 10:30 overlaps anyway.
    assert [slot["available"] for slot in before] == [False, False]


def test_a_resource_shared_by_two_calendars_has_its_seats_once(box):
    sunday = MONDAY + timedelta(days=6)
    slots = box.slots(calendar="Telefonberatung", kind="Rückruf", resource="Dr. Anna Müller",
        start=sunday)  # fmt: skip
    assert {instant(s["startDateTime"]).weekday() for s in slots} == {6}
    assert len(slots) == 8


def test_recurrences_fall_on_their_days(box):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    slots = box.slots(calendar="Lord Howe Island", kind="Welcome talk", resource="Reef room",
        start=start, end=start + timedelta(days=60))  # fmt: skip
    zone = ZoneInfo("Australia/Lord_Howe")
    days = {instant(slot["startDateTime"]).astimezone(zone).date() for slot in slots}
    weekly = {day for day in days if day.weekday() == 1}
    assert len(weekly) >= 8
    assert {day.day for day in days - weekly} == {15, 25}  # monthly, and the one-off


def test_naive_times_are_never_answered_by_default(box):
    for slot in box.slots(end=MONDAY + timedelta(days=1)):
        assert slot["startDateTime"].endswith("Z")
