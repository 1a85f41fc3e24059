"""The list of bookings as people get it: who sees what, how it stays true, what a row tells."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.models import Booking, Calendar, Organisation, Role
from bookingapp.domain.states import Kind, State
from tests.web.booking_list_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_list_fixtures import get, poll_of, rows_of
from tests.web.booking_list_world import HOUR
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db


def test_what_was_asked_for_shows_at_once_and_stays_true(staff, world):
    write = world.ask(world.offer(9))
    page = get(staff, world)
    (row,) = rows_of(page)
    assert "Anna Muster" in row
    assert "Asked for" in row
    assert "Not confirmed yet" in words(page)
    assert "ooked" not in row
    assert staff.get(poll_of(page), headers=HTMX).status_code == 204
    world.run(write)
    moved = staff.get(poll_of(page), headers=HTMX)
    assert "Booked" in rows_of(moved)[0]
    assert "Not confirmed yet" not in words(moved)
    assert "<html" not in moved.content.decode()
    assert "HX-Push-Url" not in moved


def test_time_alone_moves_a_row_on(staff, world):
    row = world.booking(timezone.now() - timedelta(minutes=29, seconds=59))
    page = get(staff, world)
    assert rows_of(page)
    Booking.objects.filter(pk=row.pk).update(ends_at=timezone.now())
    assert "Nothing ahead" in words(staff.get(poll_of(page), headers=HTMX))


QUERIES = 8


@pytest.mark.parametrize(
    "query",
    [{}, {"tab": "today"}, {"tab": "past"}, {"tab": "cancelled"}, {"tab": "open"}, {"q": "lead"}],
)
def test_a_page_takes_the_same_queries_for_one_row_and_for_thirty(
    staff, world, django_assert_max_num_queries, query
):
    def fill(number):
        lead = world.known(f"Lead {number}", f"+49 40 12345{number:02}")
        row = world.booking(timezone.now() + HOUR, lead=lead)
        world.change(row, Kind.RESCHEDULE, State.SENDING, world.payload(row))
        world.moved(timezone.now() + HOUR, timezone.now() + 2 * HOUR, lead=lead)
        world.booking(timezone.now() - HOUR, lead=lead)
        world.cancelled(lead=lead)

    def cold():
        """As the first look after the short memory of who people are."""
        from django.core.cache import cache

        from bookingapp.domain import standing

        standing.forget()
        cache.clear()
        with django_assert_max_num_queries(QUERIES + 1) as asked:
            assert rows_of(get(staff, world, **query))
        standing.forget()
        with django_assert_max_num_queries(QUERIES):
            get(staff, world, **query)
        return len(asked)

    fill(0)
    get(staff, world, **query)
    first = cold()
    for number in range(1, 30):
        fill(number)
    assert cold() == first


def test_mine_or_everybodys(staff, world):
    lee = get_user_model().objects.create(username="lee", first_name="Lee")
    Role.objects.create(person=lee, organisation=world.organisation, name="staff")
    world.booking()
    world.booking(lead=world.known("Bert Busch"), booked_by=lee)
    assert len(rows_of(get(staff, world))) == 2
    (mine,) = rows_of(get(staff, world, person="me"))
    assert "Anna Muster" in mine
    (theirs,) = rows_of(get(staff, world, person=lee.pk))
    assert "Bert Busch" in theirs
    assert f'<option value="{lee.pk}" selected>Lee</option>' in (
        get(staff, world, person=lee.pk).content.decode()
    )


def test_a_search_answers_with_the_list_alone_and_its_address(staff, world):
    world.booking()
    world.booking(lead=world.known("Bert Busch", "+49 40 7654321"))
    found = get(staff, world, part=True, q="4321", tab="upcoming", calendar="", type="")
    assert found.content.decode().lstrip().startswith('<div id="bookings"')
    (row,) = rows_of(found)
    assert "Bert Busch" in row
    assert found["HX-Push-Url"] == world.address("booking-list") + "?q=4321"
    assert "HX-Request" in found["Vary"]


def test_a_search_says_in_which_tab_the_hits_are(staff, world):
    world.booking(timezone.now() - 30 * HOUR)
    world.cancelled()
    found = get(staff, world, q="muster")
    assert "Nothing found under “Upcoming”" in words(found)
    told = re.findall(r'id="tab-(\w+)".*?</a>', found.content.decode(), re.S)
    assert told == ["today", "upcoming", "past", "cancelled", "open"]
    text = words(found)
    assert "Past 1" in text
    assert "Cancelled 1" in text


def test_a_lead_from_an_address_and_back_to_all(staff, world):
    world.booking()
    world.booking(lead=world.known("Bert Busch"))
    found = get(staff, world, lead=world.lead.pk)
    (row,) = rows_of(found)
    assert "Anna Muster" in row
    assert "Show every lead" in words(found)


def test_somebody_elses_lead_is_not_named(staff, world, elsewhere):

    told = {"id": "x", "tableId": "t", "data": {"name": "Secret Person"}}
    theirs = lead_mirror.adopt(elsewhere, told, now=timezone.now())[0]
    found = get(staff, world, lead=theirs.pk)
    assert "Secret" not in found.content.decode()
    assert "not known here" in words(found)


def test_a_cancelled_one_says_who_when_and_why(staff, world):
    world.cancelled(reason="no_show", note="called twice")
    (row,) = rows_of(get(staff, world, tab="cancelled"))
    assert "Cancelled" in row
    assert "Kim" in row
    assert "The lead did not come – called twice" in row
    assert "Move" not in row


def test_a_moved_one_says_where_it_was_and_a_moving_one_where_it_goes(staff, world):
    start = timezone.now() + 30 * HOUR
    world.moved(start, start + 24 * HOUR)
    (row,) = rows_of(get(staff, world))
    assert "Before: " in row
    booking = Booking.objects.get(gone_at=None)
    world.change(booking, Kind.RESCHEDULE, State.SENDING, world.payload(booking))
    (row,) = rows_of(get(staff, world))
    assert "Moving…" in row
    assert "To: " in row


def test_what_can_be_done_stands_in_the_row(staff, world):
    coming = world.booking()
    past = world.booking(timezone.now() - 30 * HOUR)
    html = get(staff, world).content.decode()
    for name in ("booking-detail", "booking-move", "booking-cancel"):
        assert world.address(name, coming.pk) in html
    html = get(staff, world, tab="past").content.decode()
    assert world.address("booking-move", past.pk) not in html
    assert world.address("booking-cancel", past.pk) in html
    world.change(coming, Kind.CANCEL, State.HELD, world.payload(coming))
    html = get(staff, world).content.decode()
    assert world.address("booking-cancel", coming.pk) not in html


def test_the_zone_is_said_where_calendars_differ(staff, world):
    world.booking()
    assert "Europe/Berlin" not in words(get(staff, world))
    nepal = world._row(Calendar, "nepal", "Kathmandu", zone="Asia/Kathmandu")
    world.organisation.catalogue_version += 1
    world.organisation.save()
    starts_at = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + 48 * HOUR
    world.booking(starts_at, calendar=nepal)
    rows = rows_of(get(staff, world))
    assert "Europe/Berlin" in rows[0]
    assert "15:45–16:15 Asia/Kathmandu" in rows[1]


def test_pages_keep_the_filter(staff, world, monkeypatch):
    from bookingapp.domain import booking_list

    monkeypatch.setattr(booking_list, "PAGE_ROWS", 2)
    for _ in range(3):
        world.booking()
    first = get(staff, world, person="me")
    more = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = staff.get(more.replace("&amp;", "&"))
    assert len(rows_of(second)) == 1
    assert "person=me" in more
    assert 'rel="prev"' in second.content.decode()


@pytest.mark.parametrize(
    ("tab", "text"),
    [
        ("", "Nothing ahead"),
        ("today", "Nothing today"),
        ("past", "Nothing so far"),
        ("cancelled", "Nothing was cancelled"),
        ("open", "Nothing is open"),
    ],
)
def test_nothing_is_said_in_words(staff, world, tab, text):
    assert text in words(get(staff, world, tab=tab))


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "nonsense", "calendar": "x", "type": "-1", "resource": "9" * 40, "person": "²"},
        {"lead": "not-a-uuid", "from": "2026-13-40", "until": "9999-12-31", "page": "0"},
        {"page": "99999999999999999999", "q": "\x00"},
        {"from": "0001-01-01", "until": "0001-01-01"},
    ],
)
def test_a_made_up_address_is_read_tolerantly(staff, world, query):
    world.booking()
    assert get(staff, world, **query).status_code == 200
    assert get(staff, world, part=True, **query).status_code == 200


def test_an_option_that_is_gone_is_still_said(staff, world):
    page = get(staff, world, calendar="777").content.decode()
    assert '<option value="777" selected>no longer offered</option>' in page


def test_texts_from_outside_are_only_texts(staff, world):
    bad = "<img src=x onerror=alert(1)>"
    world.booking(lead=world.known(bad, bad))
    page = get(staff, world, q="img", lead=str(uuid.uuid4())).content.decode()
    assert bad not in page
    assert bad not in get(staff, world).content.decode()


def test_another_organisations_bookings_are_nowhere(staff, world, elsewhere, person):
    Role.objects.create(person=person("staff"), organisation=elsewhere, name="staff")
    world.booking()
    assert Organisation.objects.count() == 2
    address = world.address("booking-list").replace("praxis-am-park", elsewhere.slug)
    for tab in ("today", "upcoming", "past", "cancelled", "open"):
        assert rows_of(staff.get(address, {"tab": tab, "calendar": world.calendar.pk})) == []


def test_a_list_never_waits_for_connect(staff, world):
    world.booking()
    world.organisation.catalogue_at = None
    world.organisation.save()
    world.connect.error = AssertionError("Connect was asked")
    for query in ({}, {"calendar": world.calendar.pk}, {"tab": "today"}, {"tab": "open"}):
        assert get(staff, world, **query).status_code == 200
