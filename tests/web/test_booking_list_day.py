"""The day page of the front desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bookingapp.domain.models import Booking, Calendar, Role
from bookingapp.domain.states import Kind, State
from tests.support.opened import rows_with
from tests.web.booking_list_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_list_fixtures import poll_of, rows_of
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db
DAY = "2027-03-10"


def at(hour, minute=0, day=10):
    """Berlin is an hour before UTC then."""
    return datetime(2027, 3, day, hour - 1, minute, tzinfo=UTC)


def get(client, world, **query):
    return client.get(world.address("booking-day"), {"date": DAY} | query)


def test_all_of_the_day_by_time_with_what_the_desk_needs(staff, world):
    world.booking(at(10), resource=world.jana)
    world.booking(at(8, 30))
    world.booking(at(9, day=11))
    page = get(staff, world)
    first, second = rows_of(page)
    assert first.startswith("08:30–09:00 Anna Muster +49 40 5551234 Anna Talk")
    assert second.startswith("10:00–10:30")
    assert "Jana" in second
    assert "Wednesday 10 March 2027" in words(page)
    assert 'href="tel:+49405551234"' in page.content.decode()


def test_who_might_come_in_vain_is_named_below(staff, world):
    world.booking(at(9))
    world.cancelled(at(8), lead=world.known("Cora Cancel"), reason="lead_ill")
    world.moved(at(10), at(10, day=12), lead=world.known("Mo Moved"))
    world.moved(at(11), at(15), lead=world.known("Sam Sameday"))
    page = get(staff, world)
    text = words(page)
    assert text.index("Sam Sameday") < text.index("Not taking place") < text.index("Cora Cancel")
    assert text.count("Sam Sameday") == text.lower().count("sam sameday")
    assert len([row for row in rows_of(page) if "Sam Sameday" in row]) == 1
    moved = next(row for row in rows_of(page) if "Mo Moved" in row)
    assert "To: Fri 12 Mar 2027, 10:00" in moved
    new = rows_with(Booking.objects.filter(gone_at=None), lead__name="Mo Moved").get()
    assert world.address("booking-detail", new.pk) in page.content.decode()
    assert "The lead is ill" in text


def test_what_is_on_its_way_is_no_booking_yet(staff, world):
    write = world.ask(world.offer(9))
    day = world.monday.isoformat()
    page = get(staff, world, date=day)
    assert "Not confirmed yet" in words(page)
    assert "Nobody comes on this day" in words(page)
    assert staff.get(poll_of(page), headers=HTMX).status_code == 204
    world.run(write)
    assert "Not confirmed yet" not in words(staff.get(poll_of(page), headers=HTMX))


def test_from_day_to_day_and_back_to_today(staff, world):
    html = get(staff, world).content.decode()
    for name, day in (("previous", "2027-03-09"), ("next", "2027-03-11")):
        link = re.search(rf'id="day-{name}"[^>]*href="([^"]+)"', html)[1]
        assert f"date={day}" in link
    today = re.search(r'id="day-today"[^>]*href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert 'aria-current="date"' in staff.get(today).content.decode()


def test_today_is_the_calendars_today(staff, world):
    world.calendar.zone = "Pacific/Kiritimati"
    world.calendar.save()
    page = staff.get(world.address("booking-day"))
    there = timezone.now() + timedelta(hours=14)
    assert f'value="{there.date().isoformat()}"' in page.content.decode()


def test_the_calendar_somebody_works_at_is_kept(staff, world):
    other = world._row(Calendar, "other", "Winterhude", zone="Europe/Berlin")
    booking = world.booking(at(9), calendar=other)
    assert rows_of(get(staff, world)) == []
    assert rows_of(get(staff, world, calendar=other.pk))
    assert world.address("booking-detail", booking.pk) in get(staff, world).content.decode()
    assert rows_of(get(staff, world, calendar=world.calendar.pk)) == []


def test_another_organisations_calendar_is_not_shown(staff, world, elsewhere, person):
    Role.objects.create(person=person("staff"), organisation=elsewhere, name="staff")
    world.booking(at(9))
    address = world.address("booking-day").replace("praxis-am-park", elsewhere.slug)
    page = staff.get(address, {"date": DAY, "calendar": world.calendar.pk})
    assert "No calendar yet" in words(page)
    assert rows_of(page) == []


@pytest.mark.parametrize("date", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_today(staff, world, date):
    assert 'aria-current="date"' in get(staff, world, date=date).content.decode()


def test_the_day_takes_the_same_queries_for_one_and_for_thirty(
    staff, world, django_assert_max_num_queries
):
    def fill():
        row = world.booking(at(9))
        world.change(row, Kind.RESCHEDULE, State.SENDING, world.payload(row, starts_at=at(12)))
        world.moved(at(10), at(10, day=13))
        world.cancelled(at(11))

    fill()
    get(staff, world)
    with django_assert_max_num_queries(8) as first:
        get(staff, world)
    for _ in range(29):
        fill()
    with django_assert_max_num_queries(8) as many:
        assert len(rows_of(get(staff, world))) == 4 * 30
    assert len(many) == len(first)
