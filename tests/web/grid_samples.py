"""Slots, resources and questions for the grid's tests."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookingapp.domain.slots import Slot
from bookingapp.web.presenters.grid import DAY, WEEK, Person, Question

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ANNA, JANA = Person(1, "res_anna", "Anna"), Person(2, "res_jana", "Jana")


def slot(starts_at, person=ANNA, *, capacity=1, booked=0, available=None, minutes=30):
    return Slot(
        resource_id=person.connect_id,
        resource_name=person.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        capacity=capacity,
        booked=booked,
        available=booked < capacity if available is None else available,
    )


def at(hour, minute=0, day=MONDAY, zone=BERLIN):
    """The instant (UTC) of a local time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


def question(*, view=WEEK, day=MONDAY, zone=BERLIN, resources=(ANNA, JANA), **more):
    monday = day - timedelta(days=day.weekday())
    return Question(view=view, day=day, monday=monday, zone=zone, resources=resources, **more)


def day_question(**more):
    return question(view=DAY, **more)
