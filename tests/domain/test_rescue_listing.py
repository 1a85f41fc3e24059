"""Which bookings a rescue is about, what may be answered, and how a row stands."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from bookingapp.domain.availability import NoZone
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import (
    AppointmentType,
    Booking,
    Calendar,
    Organisation,
    RescueRow,
    Resource,
    Write,
)
from bookingapp.domain.rescue import answering, listing, overview, rows, standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 11, 24)


class Place:
    def __init__(self):
        self.organisation = Organisation.objects.create(
            name="Praxis", slug="praxis", connect_url="https://connect.example"
        )
        self.person = get_user_model().objects.create(username="kim")
        self.calendar = self.row(Calendar, "cal", zone="Europe/Berlin")
        self.kind = self.row(AppointmentType, "talk")
        self.ill = self.row(Resource, "ill")
        self.other = self.row(Resource, "other")

    def row(self, model, connect_id, **fields):
        return model.objects.create(organisation=self.organisation, connect_id=connect_id, **fields)

    def book(self, local="2026-11-24T10:00+01:00", **fields):
        starts_at = datetime.fromisoformat(local).astimezone(UTC)
        return Booking.objects.create(
            **{
                "organisation": self.organisation,
                "connect_id": uuid.uuid4().hex,
                "calendar": self.calendar,
                "resource": self.ill,
                "appointment_type": self.kind,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=30),
                "booked_at": NOW,
                **fields,
            }
        )

    def change(self, booking, state, **fields):
        return Write.objects.create(
            **{
                "organisation": self.organisation,
                "kind": "reschedule",
                "intent": uuid.uuid4(),
                "digest": "x",
                "person": self.person,
                "about": booking,
                "state": state,
                "created_at": NOW,
                "changed_at": NOW,
                **fields,
            }
        )

    def begin(self, **changes):
        fields = {
            "intent": uuid.uuid4(),
            "calendar_pk": self.calendar.pk,
            "resource_pk": self.ill.pk,
            "from_day": DAY,
            "until_day": DAY,
        }
        asked = listing.Asked(**{**fields, **changes})
        return listing.begin(self.organisation, self.person, asked, now=NOW)[0]


@pytest.fixture
def place(db):
    return Place()


def listed(rescue):
    return {row.booking_id for row in rescue.rows.all()}


def test_what_stands_on_the_local_day_is_listed_and_nothing_else(place):
    early = place.book("2026-11-24T00:00+01:00")
    late = place.book("2026-11-24T23:30+01:00")
    place.book("2026-11-23T23:59+01:00")
    place.book("2026-11-25T00:00+01:00")
    place.book(resource=place.other)
    place.book(calendar=place.row(Calendar, "second", zone="Europe/Berlin"))
    place.book(gone_at=NOW, gone_as="cancelled")
    place.change(place.book(), "due")
    ended = place.book()
    place.change(ended, "refused")
    assert listed(place.begin()) == {early.pk, late.pk, ended.pk}


def test_other_calendars_of_the_resource_are_named(place):
    place.book()
    rescue = place.begin()
    assert listing.elsewhere(rescue, now=NOW) == []
    other = place.row(Calendar, "other", name="Branch", zone="Europe/Berlin")
    place.book(calendar=other)
    place.book(calendar=other, resource=place.other)
    place.book("2026-11-26T10:00+01:00", calendar=place.row(Calendar, "far", name="Far"))
    assert listing.elsewhere(rescue, now=NOW) == ["Branch"]


def test_what_has_begun_is_not_listed(place):
    place.book("2026-11-23T09:59+01:00")
    later = place.book("2026-11-23T10:01+01:00")
    assert listed(place.begin(from_day=DAY - timedelta(days=1), until_day=DAY)) == {later.pk}


def test_the_same_form_twice_is_one_rescue(place):
    place.book()
    intent = uuid.uuid4()
    assert place.begin(intent=intent).pk == place.begin(intent=intent).pk
    assert RescueRow.objects.count() == 1


def test_what_came_in_since_gets_a_row_and_nothing_twice(place):
    place.book()
    rescue = place.begin()
    assert listing.add_rows(rescue, now=NOW) == 0
    place.book("2026-11-24T11:00+01:00")
    assert listing.add_rows(rescue, now=NOW) == 1
    assert rescue.rows.count() == 2


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"until_day": DAY - timedelta(days=1)}, {"until_day": "before_start"}),
        ({"until_day": DAY + timedelta(days=31)}, {"until_day": "too_long"}),
        ({"resource_pk": 0}, {"resource": "required"}),
        ({"calendar_pk": 0}, {"calendar": "required"}),
        ({"from_day": DAY + timedelta(days=1), "until_day": DAY + timedelta(days=1)},
         {"resource": "nothing_booked"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(place, changes, codes):
    place.book()
    with pytest.raises(Invalid) as refused:
        place.begin(**changes)
    assert refused.value.fields == codes
    assert RescueRow.objects.count() == 0


def test_somebody_elses_resource_is_not_found(place):
    elsewhere = Organisation.objects.create(name="B", slug="b", connect_url="https://b.example")
    theirs = Resource.objects.create(organisation=elsewhere, connect_id="theirs")
    with pytest.raises(Invalid):
        place.begin(resource_pk=theirs.pk)
    place.book()
    rescue = place.begin()
    assert rows.find(elsewhere, rescue.pk) is None


def test_days_of_a_calendar_without_a_zone_cannot_be_told(place):
    place.book()
    Calendar.objects.update(zone="")
    with pytest.raises(NoZone):
        place.begin()


def row_of(place, **fields):
    booking = place.book()
    rescue = place.begin()
    RescueRow.objects.filter(rescue=rescue).update(**fields)
    return booking, rescue


def stands(rescue, now=NOW):
    return standing.standing_of(rows.rows_of(rescue)[0], now)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("reschedule", "due", "moving"),
        ("reschedule", "checking", "moving"),
        ("reschedule", "asking", "asking"),
        ("reschedule", "stuck", "stuck"),
        ("reschedule", "refused", "refused"),
        ("reschedule", "undone", "stopped"),
        ("cancel", "held", "held"),
        ("cancel", "sending", "cancelling"),
    ],
)
def test_a_row_stands_as_its_write(place, kind, state, expected):
    booking, rescue = row_of(place)
    write = place.change(booking, state, kind=kind)
    rescue.rows.update(write=write)
    assert stands(rescue) == expected


def test_a_change_from_elsewhere_is_told_and_not_interfered_with(place):
    booking, rescue = row_of(place, answer="agreed")
    place.change(booking, "due")
    assert stands(rescue) == "elsewhere"
    assert not standing.may_open(rows.rows_of(rescue)[0], NOW)
    with pytest.raises(answering.NotNow):
        answering.answer(rows.rows_of(rescue)[0], "declined", now=NOW)


def test_what_is_over_is_over(place):
    booking, rescue = row_of(place)
    assert stands(rescue, now=NOW + timedelta(days=2)) == "passed"
    Booking.objects.filter(pk=booking.pk).update(gone_at=NOW, gone_as="moved")
    assert stands(rescue) == "moved"
    Booking.objects.update(gone_as="cancelled")
    assert stands(rescue) == "cancelled"


def test_nobody_agrees_to_no_time(place):
    _, rescue = row_of(place)
    row = rows.rows_of(rescue)[0]
    with pytest.raises(answering.NoProposal):
        answering.answer(row, "agreed", now=NOW)
    answering.answer(row, "declined", now=NOW)
    answering.note(row, "  wants to call back  ")
    kept = RescueRow.objects.get()
    assert (kept.answer, kept.note) == ("declined", "wants to call back")
    answering.answer(row, "nonsense", now=NOW)
    assert RescueRow.objects.get().answer == ""


def test_a_page_of_rows_is_two_queries_however_many(place, django_assert_num_queries):
    for hour in range(10, 16):
        place.change(place.book(f"2026-11-24T{hour}:00+01:00"), "refused")
    rescue = place.begin()
    with django_assert_num_queries(2):
        for row in rows.rows_of(rescue):
            standing.standing_of(row, NOW)
            str(row.booking.resource), str(row.booking.appointment_type), str(row.booking.lead)
    with django_assert_num_queries(3):
        assert overview.newest(place.organisation, now=NOW, most=5)[0].progress.total == 6
