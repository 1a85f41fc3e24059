"""Weeks of a calendar: local midnights, also where clocks change."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp.domain.availability import NoZone, Window, local_day, midnight, window_for
from bookingapp.domain.availability.windows import monday_of, weeks_around

ZONES = sorted(available_timezones())
zones = st.sampled_from(ZONES)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def week(zone, monday):
    return Window(UUID(int=1), "cal", "apt", zone, monday)


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 23), 167),
        ("Europe/Berlin", date(2026, 10, 19), 169),
        ("Europe/Berlin", date(2026, 11, 23), 168),
        ("America/New_York", date(2026, 3, 2), 167),
        ("America/New_York", date(2026, 10, 26), 169),
        ("Asia/Kathmandu", date(2026, 3, 23), 168),
        ("Australia/Lord_Howe", date(2026, 3, 30), 168.5),
        ("Australia/Lord_Howe", date(2026, 9, 28), 167.5),
    ],
)
def test_a_week_is_as_long_as_its_days(zone, monday, hours):
    window = week(zone, monday)
    assert window.ends_at - window.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", date(2026, 11, 23), datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 6, 1), datetime(2026, 5, 31, 22, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 11, 23), datetime(2026, 11, 22, 18, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 6, 1), datetime(2026, 5, 31, 13, 30, tzinfo=UTC)),
        # Clocks go from 24:00 to 01:00: the day begins where midnight would have been.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        # Clocks go from 01:00 back to 00:00: the first of the two midnights.
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_instant(zone, day, instant):
    assert midnight(zone, day) == instant


@given(zones, days)
def test_weeks_follow_each_other_without_gap_or_overlap(zone, day):
    monday = monday_of(day)
    this, following = week(zone, monday), week(zone, monday + timedelta(days=7))
    assert this.ends_at == following.starts_at
    assert this.starts_at < this.ends_at


@given(zones, st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC)))
def test_an_instant_lies_in_the_week_of_its_local_day(zone, instant):
    organisation = SimpleNamespace(pk=uuid4())
    calendar = SimpleNamespace(connect_id="cal", zone=zone)
    kind = SimpleNamespace(connect_id="apt")
    window = window_for(organisation, calendar, kind, local_day(zone, instant))
    assert window.starts_at <= instant < window.ends_at
    assert window.starts_on in weeks_around(instant)


@given(zones, days)
def test_the_instant_before_a_window_belongs_to_the_day_before(zone, day):
    before = midnight(zone, day) - timedelta(microseconds=1)
    assert before.astimezone(ZoneInfo(zone)).date() < day


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC)))
def test_an_instant_is_in_one_week_or_beside_a_border(instant):
    mondays = weeks_around(instant)
    assert len(mondays) in {1, 2}
    assert all(monday.weekday() == 0 for monday in mondays)


def test_windows_of_one_question_are_one_and_keys_differ_by_every_part():
    organisation = SimpleNamespace(pk=uuid4())
    calendar = SimpleNamespace(connect_id="cal", zone="Europe/Berlin")
    kind = SimpleNamespace(connect_id="apt")
    tuesday = window_for(organisation, calendar, kind, date(2026, 11, 24))
    sunday = window_for(organisation, calendar, kind, date(2026, 11, 29))
    assert tuesday is sunday
    others = [
        Window(uuid4(), "cal", "apt", "Europe/Berlin", tuesday.starts_on),
        Window(organisation.pk, "cala", "pt", "Europe/Berlin", tuesday.starts_on),
        Window(organisation.pk, "ca", "lapt", "Europe/Berlin", tuesday.starts_on),
        Window(organisation.pk, "cal", "apt", "Europe/Paris", tuesday.starts_on),
        Window(organisation.pk, "cal", "apt", "Europe/Berlin", date(2026, 11, 30)),
        Window(organisation.pk, "cal\n\ud800", "apt 🦷", "Europe/Berlin", tuesday.starts_on),
    ]
    assert len({window.key for window in (tuesday, *others)}) == 7


@pytest.mark.parametrize("zone", ["", "Europe", "../etc/passwd", "Mars/Olympus", "a\0b"])
def test_without_a_zone_nobody_says_when_a_day_begins(zone):
    calendar = SimpleNamespace(connect_id="cal", zone=zone)
    kind = SimpleNamespace(connect_id="apt")
    with pytest.raises(NoZone):
        window_for(SimpleNamespace(pk=uuid4()), calendar, kind, date(2026, 11, 24))
