"""An address read: what it names, and what it falls back to."""

from datetime import UTC, date, datetime

import pytest

from bookingapp.domain.catalogue import AppointmentType, Calendar, Resource, Snapshot
from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import availability_state
from bookingapp.web.presenters.availability_state import read, remember

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NORTH, SOUTH = (
    Calendar(1, "cn", "North", "Europe/Berlin"),
    Calendar(2, "cs", "South", "Asia/Kathmandu"),
)
TALK, MASSAGE = AppointmentType(5, "t5", "Talk", 30), AppointmentType(6, "t6", "Massage", 60)
ANNA, JANA = Resource(11, "r11", "Anna"), Resource(12, "r12", "Jana")
SNAPSHOT = Snapshot(
    version=1,
    calendars=(NORTH, SOUTH),
    resources=(ANNA, JANA),
    types=(TALK, MASSAGE),
    resources_of_calendars=frozenset({(1, 11), (1, 12), (2, 12)}),
    resources_of_types=frozenset({(5, 11), (6, 11), (6, 12)}),
)


def state(query="", remembered=None, snapshot=SNAPSHOT, now=NOW):
    from urllib.parse import parse_qsl

    return read(dict(parse_qsl(query)), remembered or {}, snapshot, now)


def test_nothing_said_is_the_first_calendar_its_first_type_and_this_week():
    found = state()
    assert (found.calendar, found.type, found.resource) == (NORTH, TALK, None)
    assert (found.view, found.day, found.monday) == ("week", TODAY, date(2026, 11, 16))


def test_everything_said_is_kept_and_written_the_same_way():
    query = "calendar=1&type=6&resource=12&view=day&date=2026-11-24&slot=20261124T133000Z-12"
    found = state(query)
    assert (found.calendar, found.type, found.resource) == (NORTH, MASSAGE, JANA)
    assert found.slot == SlotRef(datetime(2026, 11, 24, 13, 30, tzinfo=UTC), 12)
    assert found.query() == query


def test_other_calendar_keeps_the_type_where_somebody_does_it():
    assert state("calendar=2&type=6").type == MASSAGE
    # Nobody of the south does talks.
    assert state("calendar=2&type=5").type == MASSAGE


def test_resource_that_does_not_do_the_type_gives_way_to_anyone():
    found = state("calendar=1&type=5&resource=12")
    assert (found.resource, found.lost_resource) == (None, True)


@pytest.mark.parametrize(
    "query",
    [
        "calendar=99&type=x&resource=-1&view=month&date=tomorrow&slot=now",
        "calendar=%D9%A3&type=1e3&resource=" + "9" * 400,
        "calendar=&type=&resource=&view=&date=&slot=",
        "date=0001-01-01",
        "date=9999-12-31",
        "date=2026-13-45",
        "slot=99991231T235959Z-1",
        "slot=20261332T250000Z-1",
        "calendar=%00&date=%00&slot=%00",
    ],
)
def test_made_up_addresses_fall_back(query):
    found = state(query)
    assert (found.calendar, found.type, found.resource) == (NORTH, TALK, None)
    assert (found.view, found.day, found.slot) == ("week", TODAY, None)


def test_slot_alone_brings_its_own_day_in_the_calendars_zone():
    # 23:00 UTC is the next day in Kathmandu.
    assert state("calendar=2&slot=20261124T230000Z-0").day == date(2026, 11, 25)


def test_slot_outside_of_the_shown_week_moves_the_week():
    found = state("date=2026-11-10&slot=20261124T133000Z-0")
    assert found.day == date(2026, 11, 24)


def test_remembered_choice_stands_in_only_where_the_address_is_silent():
    kept = {"calendar": "2", "type": "6", "resource": "12", "view": "day"}
    assert state(remembered=kept).calendar == SOUTH
    assert state(remembered=kept).view == "day"
    assert state("date=2026-12-01", remembered=kept).calendar == SOUTH
    assert state("calendar=1", remembered=kept).view == "week"


def test_what_is_remembered_is_read_back():
    from urllib.parse import parse_qsl

    found = state("calendar=2&type=6&resource=12&view=day")
    again = state(remembered=dict(parse_qsl(remember(found))))
    assert again.fields == state("calendar=2&type=6&resource=12&view=day").fields


def test_today_is_the_calendars_day():
    late = datetime(2026, 11, 21, 20, tzinfo=UTC)
    assert state("calendar=2", now=late).today == date(2026, 11, 22)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe"])
def test_unknown_zone_reads_as_utc(zone):
    assert availability_state.zone_name(Calendar(1, "c", "C", zone)) == "UTC"


def test_empty_catalogue_is_an_empty_state():
    found = state("calendar=1&type=5", snapshot=Snapshot(version=0))
    assert (found.calendar, found.type, found.resource) == (None, None, None)


@pytest.mark.parametrize(("view", "previous", "following"), [("week", 17, 1), ("day", 23, 25)])
def test_steps_are_as_long_as_the_view(view, previous, following):
    found = state(f"date=2026-11-24&view={view}")
    assert found.previous.day == previous
    assert found.next.day == following
    assert found.at(found.next).slot is None
