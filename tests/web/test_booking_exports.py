"""Bookings as files: who gets them, what no spreadsheet may run, what a calendar understands."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookingapp.domain.models import AuditEvent, Role
from bookingapp.web.presenters import booking_table, calendar_file
from tests.web.booking_list_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_list_fixtures import get
from tests.web.booking_list_world import HOUR, at

pytestmark = pytest.mark.django_db
SOON = datetime(2030, 5, 14, 7, 30, tzinfo=UTC)


@pytest.fixture
def manager(client_of, world):
    return client_of("manager")


def text_of(response):
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def table(client, world, **query):
    text = text_of(client.get(world.address("booking-csv"), query))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def events(client, world, **query):
    return parse(text_of(client.get(world.address("booking-ics"), query)))


def parse(text):
    """Content lines of each event, as RFC 5545 says to read them."""
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    found, event = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found.append(event)
            event = None
        elif event is not None:
            name, value = line.split(":", 1)
            assert name not in event
            event[name] = value
    return found


def test_staff_get_neither_files_nor_links_to_them(staff, manager, world):
    world.booking()
    for name in ("booking-csv", "booking-ics"):
        assert staff.get(world.address(name)).status_code == 403
        assert world.address(name) not in get(staff, world).content.decode()
        assert world.address(name) in get(manager, world).content.decode()
    assert AuditEvent.objects.filter(action="bookings.exported").count() == 0


def test_the_table_has_what_the_filter_found(manager, world):
    world.booking(SOON)
    world.booking(SOON, lead=world.known("Bert Busch"))
    world.cancelled(SOON + HOUR, reason="mistake")
    head, row = table(manager, world, q="anna", **{"from": "2030-05-14"})
    told = dict(zip(head, row, strict=True))
    assert told["Lead"] == "Anna Muster"
    assert told["Phone"] == "'+49 40 5551234"
    assert (told["Day"], told["From"], told["Until"]) == ("2030-05-14", "09:30", "10:00")
    assert told["Time zone"] == "Europe/Berlin"
    assert told["From (UTC)"] == "2030-05-14T07:30:00Z"
    assert told["Status"] == "Booked"
    head, row = table(manager, world, tab="cancelled")
    told = dict(zip(head, row, strict=True))
    assert (told["Status"], told["Reason"]) == ("Cancelled", "Entered by mistake")


@pytest.mark.parametrize(
    "name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=1","x']
)
def test_no_cell_becomes_a_formula(manager, world, name):
    lead = world.known("x")
    lead.name = name
    lead.save()
    world.booking(SOON, lead=lead)
    _head, row = table(manager, world)
    assert f"'{name}" in row
    assert not any(cell.startswith(booking_table.FORMULA) for cell in row)


@settings(deadline=None)
@given(st.text())
def test_whatever_a_cell_says_it_begins_harmlessly(text):
    safe = booking_table.safe(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == text


def test_the_log_knows_of_every_file_and_no_name(manager, world):
    world.booking(SOON)
    table(manager, world, q="muster", person="me", calendar=world.calendar.pk)
    text_of(manager.get(world.address("booking-ics"), {"tab": "past"}))
    one, other = AuditEvent.objects.filter(action="bookings.exported").order_by("pk")
    assert one.details["form"] == "csv"
    assert one.details["count"] == 0
    assert one.details["filter"]["calendar"] == str(world.calendar.pk)
    assert one.person.username == "manager"
    assert one.organisation == world.organisation
    assert "muster" not in str(one.details)
    assert (other.details["form"], other.details["filter"]["tab"]) == ("ics", "past")


def test_what_is_open_is_no_booking_and_in_no_file(manager, world):
    for name in ("booking-csv", "booking-ics"):
        assert manager.get(world.address(name), {"tab": "open"}).status_code == 404


def test_a_file_reads_its_rows_in_pieces(
    manager, world, django_assert_max_num_queries, monkeypatch
):
    for _ in range(30):
        world.booking(SOON)
    # The first page of a session is noted in the list of sessions.
    table(manager, world)
    with django_assert_max_num_queries(9):
        assert len(table(manager, world)) == 31
    with django_assert_max_num_queries(10):
        assert len(events(manager, world)) == 30


def test_a_calendar_gets_instants_and_plain_texts(manager, world):
    lead = world.known("Zoë; Çelik, Dr.\\ med.", "+49 40 1")
    booking = world.booking(SOON, lead=lead)
    (event,) = events(manager, world)
    assert event["DTSTART"] == "20300514T073000Z"
    assert event["DTEND"] == "20300514T080000Z"
    assert event["UID"] == str(booking.pk)
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Zoë\\; Çelik\\, Dr.\\\\ med. – Talk"
    assert "Phone: +49 40 1" in event["DESCRIPTION"]


def test_a_later_file_replaces_the_earlier_one(staff, world):
    def one(booking):
        address = world.address("booking-ics-one", booking.pk)
        (event,) = parse(text_of(staff.get(address, follow=True)))
        return event

    old, new = world.moved(SOON, SOON + HOUR)
    moved = one(new)
    assert (moved["UID"], moved["SEQUENCE"]) == (str(old.pk), "2")
    # Whoever keeps the address of the old place gets the appointment where it is.
    assert one(old)["DTSTART"] == moved["DTSTART"]
    plain, cancelled = one(world.booking(SOON)), one(world.cancelled(SOON))
    assert plain["SEQUENCE"] == "0"
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", "1")


def test_one_booking_is_everybodys_file_and_noted(staff, world, elsewhere, person):
    booking = world.booking(SOON)
    address = world.address("booking-ics-one", booking.pk)
    response = staff.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "booking-2030-05-14.ics" in response["Content-Disposition"]
    (noted,) = AuditEvent.objects.filter(action="bookings.exported")
    assert noted.details == {"form": "ics", "count": 1, "filter": {"booking": str(booking.pk)}}
    Role.objects.create(person=person("staff"), organisation=elsewhere, name="admin")
    assert staff.get(address.replace("praxis-am-park", elsewhere.slug)).status_code == 404


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_any_text_folds_into_short_lines_and_back(text):
    line = f"SUMMARY:{calendar_file.escape(text)}"
    folded = calendar_file.fold(line)
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
    assert "\n" not in line
    assert "\r" not in line


def test_the_whole_calendar_begins_and_ends_as_it_must():
    event = calendar_file.Event(
        uid="u", sequence=0, starts_at=at(24, 9), ends_at=at(24, 10), made_at=at(1, 9),
        changed_at=at(2, 9), summary="S",
    )  # fmt: skip
    text = "".join(calendar_file.calendar([event], name="N", now=at(3, 9)))
    lines = text.split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", lines[2]]
    assert lines[2].startswith("PRODID:")
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTAMP:20261103T090000Z" in lines
