"""Availability against the real sandbox: two processes, slow and dead Connect, clock changes."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.utils import timezone

from bookingapp.domain import availability, catalogue, tokens
from bookingapp.domain.models import Organisation

pytestmark = pytest.mark.processes

PATH = "/connect/availability/"


class Readers:
    """One process of readers."""

    def __init__(self, environment):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.domain.availability_reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert self._process.stdout.readline() == "ready\n"

    def ask(self, **question):
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()

    def answer(self):
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(20)


@pytest.fixture
def two_processes(make_desk):
    """Two processes of readers on one database, one Valkey and one Connect; and their desk."""
    desk = make_desk(start=False)
    with ExitStack() as stack:
        both = [Readers(desk.environment()) for _ in range(2)]
        for readers in both:
            stack.callback(readers.close)
        yield desk, both


@pytest.fixture
def praxis(transactional_db, sandbox):
    """The sandbox's first organisation, its catalogue read."""
    world = sandbox.tokens()
    name = world[0]["organisation"]
    praxis = Organisation.objects.create(name="Praxis", slug="praxis", connect_url=sandbox.url)
    secret = sandbox.mint(name, "reading", "read")
    praxis.secret = secret
    tokens.store(praxis, secret=secret, label="reading")
    catalogue.refresh(praxis, now=timezone.now())
    sandbox.forget_calls()
    return praxis


def open_week(praxis):
    """A window with free slots in it."""
    seen = catalogue.snapshot(praxis)
    now = timezone.now()
    for calendar in seen.calendars:
        for kind in seen.types_for(calendar.pk):
            window = availability.window_for(praxis, calendar, kind, now.date() + timedelta(days=7))
            if availability.fetch(praxis, window, now=now).slots:
                return window
    raise AssertionError("the sandbox offers nothing next week")


def read(praxis, window, *, now=None, patience=20, **how):
    return availability.read(
        praxis, window, now=now or timezone.now(), patience_seconds=patience, **how
    )


def test_two_hundred_people_opening_one_cold_week_are_one_call(two_processes, sandbox):
    desk, processes = two_processes
    sandbox.fault("latency", match={"path": PATH}, ms=400)
    [row] = desk.sql(
        "SELECT o.name, c.connect_id AS calendar, t.connect_id AS type"
        " FROM domain_organisation o JOIN domain_calendar c ON c.organisation_id = o.id"
        " JOIN domain_calendar_resources cr ON cr.calendar_id = c.id"
        " JOIN domain_appointmenttype_resources tr ON tr.resource_id = cr.resource_id"
        " JOIN domain_appointmenttype t ON t.id = tr.appointmenttype_id"
        " ORDER BY o.name, c.id, t.id LIMIT 1"
    )
    question = {
        "organisation": row["name"],
        "calendar": row["calendar"],
        "type": row["type"],
        "day": (timezone.now().date() + timedelta(days=7)).isoformat(),
        "readers": 100,
    }
    for readers in processes:
        readers.ask(**question)
    first, second = (readers.answer() for readers in processes)
    assert len(sandbox.calls("GET", PATH)) == 1
    assert first["unread"] == second["unread"] == 0
    assert first["problems"] == second["problems"] == [""]
    assert first["slots"] == second["slots"] != [0]
    assert first["versions"] == second["versions"]
    assert len(first["versions"]) == 1


def test_with_connect_at_a_second_a_known_week_is_there_at_once(praxis, sandbox):
    window = open_week(praxis)
    known = read(praxis, window)
    sandbox.fault("latency", match={"path": PATH}, ms=1000)
    began = time.monotonic()
    assert read(praxis, window, now=timezone.now() + timedelta(hours=1)) == known
    at_once = time.monotonic() - began
    fresh = read(praxis, window, newer_than=timezone.now())
    asked = time.monotonic() - began - at_once
    assert fresh.as_of > known.as_of
    assert at_once < 0.9 < 1 <= asked


def test_with_connect_down_the_last_known_is_shown_with_age_and_problem(praxis, sandbox):
    window = open_week(praxis)
    known = read(praxis, window)
    sandbox.kill()
    later = timezone.now() + timedelta(minutes=10)
    reading = read(praxis, window, now=later, refresh=True)
    assert (reading.slots, reading.version) == (known.slots, known.version)
    assert reading.problem == "not_reached"
    assert availability.age_seconds(reading, later) > 590
    sandbox.ensure_running()
    back = read(praxis, window, now=later + timedelta(minutes=1), refresh=True)
    assert (back.slots, back.problem) == (known.slots, "")


CLOCK_CHANGES = {
    "Europe/Berlin": [date(2027, 3, 28), date(2027, 10, 31)],
    "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
    "Asia/Kathmandu": [date(2027, 3, 28)],
    "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
}


def organisation_with(zone, sandbox):
    """The organisation that has a calendar in this zone, and that calendar."""
    for number, name in enumerate(sorted({token["organisation"] for token in sandbox.tokens()})):
        place = Organisation.objects.create(
            name=f"Place {number}", slug=f"place-{number}", connect_url=sandbox.url
        )
        place.secret = sandbox.mint(name, "zones", "read")
        tokens.store(place, secret=place.secret, label="zones")
        seen = catalogue.snapshot(place)
        for calendar in seen.calendars:
            if calendar.zone == zone:
                return place, calendar, seen
    raise AssertionError(f"no calendar in {zone}")


@pytest.mark.parametrize("zone", CLOCK_CHANGES)
def test_weeks_of_clock_changes_hold_what_connect_offers_on_their_local_days(
    zone, transactional_db, sandbox
):
    place, calendar, seen = organisation_with(zone, sandbox)
    seen_any = False
    for day in CLOCK_CHANGES[zone]:
        for kind in seen.types_for(calendar.pk):
            window = availability.window_for(place, calendar, kind, day)
            reading = availability.fetch(place, window, now=timezone.now())
            offered = offered_around(sandbox, place.secret, calendar, kind, window)
            on_its_days = {
                (resource_id, instant)
                for resource_id, instant in offered
                if instant.astimezone(ZoneInfo(zone)).date() in window.days
            }
            assert {(slot.resource_id, slot.starts_at) for slot in reading.slots} == on_its_days
            seen_any = seen_any or bool(on_its_days)
    assert seen_any


def offered_around(sandbox, secret, calendar, kind, window):
    """What Connect itself offers from a day before the week to a day after it."""
    reply = httpx.get(
        f"{sandbox.url}{PATH}",
        params={
            "calendarId": calendar.connect_id,
            "appointmentTypeId": kind.connect_id,
            "start": (window.starts_at - timedelta(days=1)).isoformat(),
            "end": (window.ends_at + timedelta(days=1)).isoformat(),
            "includeUnavailable": "true",
        },
        headers={"Authorization": f"Bearer {secret}"},
        timeout=30,
    ).raise_for_status()
    return {
        (slot["resourceId"], datetime.fromisoformat(slot["startDateTime"]).astimezone(UTC))
        for slot in reply.json()["data"]
    }


def test_the_catalogue_of_the_sandbox_is_complete(praxis, sandbox):
    seen = catalogue.snapshot(praxis)
    assert seen.calendars
    assert all(calendar.zone for calendar in seen.calendars)
    assert all(seen.types_for(calendar.pk) for calendar in seen.calendars)
    assert all(pool.states for pool in seen.pools)
    assert seen.blockers


def test_the_first_free_slot_is_connects_first(praxis, sandbox):
    window = open_week(praxis)
    seen = catalogue.snapshot(praxis)
    calendar = seen.calendar_by_connect_id(window.calendar_connect_id)
    kind = seen.type_by_connect_id(window.type_connect_id)
    now = timezone.now()
    found = availability.find_first_open(praxis, calendar, kind, window.starts_on, now=now)
    free = [
        slot
        for slot in read(praxis, window).slots
        if slot.available and slot.capacity > slot.booked and slot.starts_at > now
    ]
    assert found.slot == free[0]
    assert found.day == free[0].starts_at.astimezone(ZoneInfo(calendar.zone)).date()
