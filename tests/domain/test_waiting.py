"""Who waits: one open mark per lead, type and calendar; it ends when a booking serves it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bookingapp.domain import lead_mirror, waiting
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, Gone, WaitingMark
from bookingapp.domain.waiting import Wanted
from tests.domain.availability_world import NOW
from tests.domain.gap_world import TODAY, GapWorld, at

WEEK = timedelta(days=7)


@pytest.fixture
def world(db):
    return GapWorld()


@pytest.fixture
def anna(world):
    return world.lead("Anna Muster")


def wanted(world, lead, **changes):
    given = {
        "lead": lead,
        "calendar_pk": world.calendar.pk,
        "type_pk": world.talk.pk,
        "from_day": TODAY,
        "until_day": TODAY + WEEK,
    }
    return Wanted(**{**given, **changes})


def mark(world, lead, *, now=NOW, **changes):
    return waiting.mark(world.organisation, world.staff, wanted(world, lead, **changes), now=now)


def standing(one):
    one.refresh_from_db()
    return one.ended_as


def test_second_mark_for_the_same_changes_the_first_and_keeps_its_place(world, anna):
    first, is_new = mark(world, anna)
    again, is_new_again = mark(
        world, anna, now=NOW + timedelta(hours=3), until_day=TODAY + 2 * WEEK, note=" mornings "
    )
    assert (is_new, is_new_again) == (True, False)
    assert again.pk == first.pk
    assert (again.created_at, again.until_day) == (NOW, TODAY + 2 * WEEK)
    assert again.note == "mornings"
    assert WaitingMark.objects.count() == 1


def test_other_types_calendars_and_leads_have_marks_of_their_own(world, anna):
    mark(world, anna)
    mark(world, anna, type_pk=world.other_type.pk)
    mark(world, anna, calendar_pk=world.other_calendar.pk)
    mark(world, world.lead("Ben"))
    assert waiting.open_marks(world.organisation).count() == 4


def test_mark_whose_days_are_over_begins_anew(world, anna):
    old = world.mark(anna, first=TODAY - 2 * WEEK, last=TODAY - WEEK, since=NOW - 2 * WEEK)
    one, is_new = mark(world, anna)
    assert (one.pk, is_new) == (old.pk, False)
    assert one.created_at == NOW


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"until_day": TODAY - timedelta(days=1)}, "until_day", "day_past"),
        ({"from_day": TODAY + timedelta(days=8)}, "until_day", "before_first"),
        ({"until_day": TODAY + timedelta(days=367)}, "until_day", "too_far"),
        (dict.fromkeys(("from_day", "until_day"), date(9999, 12, 31)), "until_day", "too_far"),
        ({"calendar_pk": 0}, "calendar", "required"),
        ({"type_pk": 0}, "type", "not_here"),
    ],
)
def test_wish_that_cannot_be_is_refused_at_its_field(world, anna, changes, field, code):
    with pytest.raises(Invalid) as refused:
        mark(world, anna, **changes)
    assert refused.value.fields == {field: code}
    assert not WaitingMark.objects.exists()


def test_today_is_the_calendars_day(world, anna):
    """At 18:30 UTC it is tomorrow in Kathmandu."""
    late = NOW.replace(hour=18, minute=30)
    place = {"calendar_pk": world.other_calendar.pk, "until_day": TODAY}
    with pytest.raises(Invalid):
        mark(world, anna, now=late, **place)
    mark(world, anna, now=late - timedelta(minutes=30), **place)


def test_somebody_elses_booking_cannot_be_given_up(world, anna):
    theirs = world.booking(world.lead("Ben"), at(30, 9))
    with pytest.raises(Invalid) as refused:
        mark(world, anna, booking=theirs)
    assert refused.value.fields == {"booking": "not_theirs"}


def test_taking_off_can_be_undone_and_is_written_down(world, anna):
    one, _ = mark(world, anna)
    told = {"person": world.staff, "now": NOW + timedelta(minutes=1)}
    ended = waiting.end(world.organisation, one.pk, **told)
    assert (ended.ended_as, ended.ended_at) == ("withdrawn", told["now"])
    assert not waiting.open_marks(world.organisation).exists()
    back = waiting.put_back(world.organisation, one.pk, **told)
    assert (back.ended_at, back.ended_as, back.created_at) == (None, "", NOW)
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["waiting.marked", "waiting.ended", "waiting.put_back"]


def test_put_back_gives_way_to_a_newer_mark(world, anna):
    old, _ = mark(world, anna)
    told = {"person": world.staff, "now": NOW}
    waiting.end(world.organisation, old.pk, **told)
    mark(world, anna)
    with pytest.raises(waiting.AlreadyWaiting):
        waiting.put_back(world.organisation, old.pk, **told)
    assert waiting.open_marks(world.organisation).count() == 1


def test_what_was_served_stays_served(world, anna):
    one = world.mark(anna, ended_at=NOW, ended_as="booked")
    told = {"person": world.staff, "now": NOW + WEEK}
    assert waiting.end(world.organisation, one.pk, **told).ended_at == NOW
    assert waiting.put_back(world.organisation, one.pk, **told).ended_as == "booked"


def test_another_organisations_mark_does_not_exist(world, anna):
    one = world.mark(anna)
    other = GapWorld("Elsewhere").organisation
    for act in (waiting.end, waiting.put_back):
        with pytest.raises(waiting.NoSuchMark):
            act(other, one.pk, person=world.staff, now=NOW)
    with pytest.raises(waiting.NoSuchMark):
        waiting.find(world.organisation, uuid4())


def test_booking_of_the_type_on_one_of_the_days_serves_the_mark(world, anna):
    one = world.mark(anna)
    served_at = NOW + timedelta(minutes=5)
    world.booking(anna, at(26, 9), booked_at=served_at, calendar=world.other_calendar)
    assert waiting.close_booked(world.organisation) == 1
    assert standing(one) == "booked"
    assert one.ended_at == served_at
    assert waiting.close_booked(world.organisation) == 0


def test_what_is_no_booking_in_the_range_serves_nobody(world, anna):
    one = world.mark(anna, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    after = {"booked_at": NOW + timedelta(minutes=1)}
    world.booking(anna, at(25, 9), booked_at=NOW - timedelta(hours=1))
    world.booking(anna, at(25, 9), kind=world.other_type, **after)
    world.booking(anna, at(25, 9), gone=Gone.CANCELLED, **after)
    world.booking(anna, at(27, 9), **after)
    world.booking(world.lead("Ben"), at(25, 9), **after)
    assert waiting.close_booked(world.organisation) == 0
    assert standing(one) == ""


def test_the_appointment_to_be_given_up_serves_nothing(world, anna):
    late = world.booking(anna, at(26, 9), booked_at=NOW + timedelta(minutes=1))
    one = world.mark(anna, booking=late)
    waiting.close_booked(world.organisation)
    assert standing(one) == ""


def test_range_counts_in_the_calendars_days(world, anna):
    """20:00 UTC on the 25th is the 26th in Kathmandu."""
    after = {"booked_at": NOW + timedelta(minutes=1), "calendar": world.other_calendar}
    one = world.mark(
        anna, first=at(26, 0).date(), last=at(26, 0).date(), calendar=world.other_calendar
    )
    world.booking(anna, at(25, 20), **after)
    waiting.close_booked(world.organisation)
    assert standing(one) == "booked"


def test_list_is_sorted_by_type_and_calendar_and_asks_a_constant_number_of_times(
    world, django_assert_num_queries
):
    for number in range(3):
        lead = world.lead(f"Lead {number}")
        since = NOW - timedelta(days=number)
        world.mark(
            lead, since=since, booking=world.booking(lead, at(30, 9)), created_by=world.staff
        )
        world.mark(lead, since=since, kind=world.other_type)
    world.mark(world.lead("Gone long ago"), ended_at=NOW - timedelta(days=8), ended_as="withdrawn")
    with django_assert_num_queries(2):
        told = [
            (one.appointment_type.name, one.lead.name, one.booking and one.booking.calendar.name)
            for one in waiting.listed(world.organisation, now=NOW)
        ]
    names = ["Lead 2", "Lead 1", "Lead 0"]
    assert told == [("Erstgespräch", name, "Nord") for name in names] + [
        ("Kontrolle", name, None) for name in names
    ]


def test_lead_that_turns_out_to_be_another_one_keeps_waiting(world, anna):
    same = world.lead("Anna Muster", interest="apt_1")
    kept = world.mark(anna)
    twice = world.mark(same)
    moved = world.mark(same, kind=world.other_type)
    ended = world.mark(same, ended_at=NOW, ended_as="withdrawn")
    assert lead_mirror.identify(same, connect_id=anna.connect_id, now=NOW) == anna
    assert set(anna.waiting_marks.all()) == {kept, moved, ended}
    assert not WaitingMark.objects.filter(pk=twice.pk).exists()
