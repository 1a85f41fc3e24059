"""Which bookings a list finds: tabs, zones, filters, search, and what is on its way."""

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model

from bookingapp.domain import booking_filter, booking_lineage, booking_list, lead_mirror
from bookingapp.domain.booking_filter import Filter, Tab
from bookingapp.domain.models import (
    AppointmentType,
    Booking,
    Calendar,
    Organisation,
    Resource,
    Write,
)
from bookingapp.domain.states import Kind, Reason, State

pytestmark = pytest.mark.django_db
# A Tuesday noon in Berlin, late evening in Kathmandu's Tuesday, Tuesday morning in New York.
NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


class Place:
    def __init__(self, name="Praxis"):
        self.organisation = Organisation.objects.create(
            name=name, slug=name.lower(), connect_url="https://connect.example", catalogue_at=NOW
        )
        self.kim = get_user_model().objects.create(username=f"kim-{name}")
        self.berlin = self._row(Calendar, "berlin", zone="Europe/Berlin")
        self.nepal = self._row(Calendar, "nepal", zone="Asia/Kathmandu")
        self.anna, self.jana = self._row(Resource, "anna"), self._row(Resource, "jana")
        self.talk, self.check = (self._row(AppointmentType, name) for name in ("talk", "check"))
        self.lead = self.known("Anna Müller", "+49 40 5551234", "anna@example.com")

    def _row(self, model, connect_id, **fields):
        return model.objects.create(
            organisation=self.organisation, connect_id=connect_id, name=connect_id, **fields
        )

    def known(self, name, phone="", email=""):
        data = {"name": name, "phone": phone, "email": email}
        told = {"id": uuid.uuid4().hex, "tableId": "pool", "data": data}
        return lead_mirror.adopt(self.organisation, told, now=NOW)[0]

    def booking(self, starts_at, **fields):
        return Booking.objects.create(
            **{
                "organisation": self.organisation,
                "connect_id": uuid.uuid4().hex,
                "lead": self.lead,
                "calendar": self.berlin,
                "resource": self.anna,
                "appointment_type": self.talk,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=30),
                "booked_by": self.kim,
                "booked_at": NOW,
                **fields,
            }
        )

    def write(self, starts_at, kind=Kind.BOOK, state=State.SENDING, **fields):
        slot = {
            "resourceId": fields.pop("resource", "anna"),
            "startDateTime": starts_at.isoformat(),
            "endDateTime": (starts_at + timedelta(minutes=30)).isoformat(),
            "maxParallelBookings": 1,
            "currentBookings": 0,
            "available": True,
        }
        payload = {
            "calendar_id": fields.pop("calendar", "berlin"),
            "type_id": fields.pop("type", "talk"),
            "zone": "Europe/Berlin",
            "slot": {"slot": slot, "seen": {}},
        }
        return Write.objects.create(
            **{
                "organisation": self.organisation,
                "kind": kind,
                "intent": uuid.uuid4(),
                "digest": "d",
                "person": self.kim,
                "lead": self.lead,
                "state": state,
                "payload": payload,
                "created_at": NOW,
                "changed_at": NOW,
                **fields,
            }
        )

    def page(self, tab=Tab.UPCOMING, number=1, now=NOW, **asked):
        return booking_list.page(self.organisation, Filter(tab=tab, **asked), number, now=now)

    def found(self, tab=Tab.UPCOMING, **asked):
        return [line.booking for line in self.page(tab, **asked).lines]


@pytest.fixture
def place():
    return Place()


def gone(booking, gone_as, **fields):
    Booking.objects.filter(pk=booking.pk).update(gone_at=NOW, gone_as=gone_as, **fields)


def test_each_booking_is_where_a_front_desk_looks_for_it(place):
    before = place.booking(at(24, 8))
    going_on = place.booking(at(24, 16, 15))
    later = place.booking(at(24, 17))
    tomorrow = place.booking(at(25, 8))
    yesterday = place.booking(at(23, 8))
    cancelled = place.booking(at(24, 9))
    gone(cancelled, "cancelled")
    assert place.found(Tab.TODAY) == [before, going_on, later]
    assert place.found(Tab.UPCOMING) == [going_on, later, tomorrow]
    assert place.found(Tab.PAST) == [before, yesterday]
    assert place.found(Tab.CANCELLED) == [cancelled]


def test_a_moved_booking_is_listed_once_where_it_is_now(place):
    old, new = place.booking(at(23, 8)), place.booking(at(26, 8))
    gone(old, "moved", moved_to=new)
    for tab in (Tab.TODAY, Tab.PAST, Tab.CANCELLED):
        assert place.found(tab) == []
    (line,) = place.page().lines
    assert (line.booking, line.moved_from) == (new, old.starts_at)


def test_today_is_the_day_of_each_calendar(place):
    # 16:30 UTC is 22:15 in Kathmandu: its Tuesday ends at 18:15 UTC, Berlin's at 23:00.
    late_in_berlin = place.booking(at(24, 22, 30))
    tomorrow_in_nepal = place.booking(at(24, 18, 30), calendar=place.nepal)
    today_in_nepal = place.booking(at(24, 18), calendar=place.nepal)
    early_in_nepal = place.booking(at(23, 18, 20), calendar=place.nepal)
    assert place.found(Tab.TODAY) == [early_in_nepal, today_in_nepal, late_in_berlin]
    assert tomorrow_in_nepal not in place.found(Tab.TODAY)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus"])
def test_a_calendar_without_a_known_zone_has_days_of_utc(place, zone):
    place.berlin.zone = zone
    place.berlin.save()
    inside, outside = place.booking(at(24, 23, 59)), place.booking(at(25, 0))
    assert place.found(Tab.TODAY) == [inside]
    assert outside in place.found()


def test_a_calendar_that_connect_no_longer_lists_keeps_its_days(place):
    place.berlin.gone_at = NOW
    place.berlin.save()
    booking = place.booking(at(24, 17))
    assert place.found(Tab.TODAY) == [booking]


def test_days_are_local_and_both_ends_belong_to_them(place):
    first, last = place.booking(at(25, 23)), place.booking(at(27, 22, 59))
    place.booking(at(25, 22, 59))
    place.booking(at(27, 23))
    assert place.found(first=date(2026, 11, 26), last=date(2026, 11, 27)) == [first, last]
    assert place.found(first=date(2026, 11, 27))[0] == last


def test_filters_narrow_and_come_together(place):
    wanted = place.booking(
        at(25, 8), calendar=place.nepal, resource=place.jana, appointment_type=place.check
    )
    place.booking(at(25, 9))
    for asked in (
        {"calendar": place.nepal.pk},
        {"resource": place.jana.pk},
        {"type": place.check.pk},
        {"calendar": place.nepal.pk, "resource": place.jana.pk, "person": place.kim.pk},
    ):
        assert place.found(**asked) == [wanted]
    assert place.found(calendar=place.berlin.pk, resource=place.jana.pk) == []


def test_mine_are_those_i_made(place):
    other = get_user_model().objects.create(username="lee")
    mine = place.booking(at(25, 8))
    theirs = place.booking(at(25, 9), booked_by=other)
    assert place.found(person=place.kim.pk) == [mine]
    assert place.found(person=other.pk) == [theirs]
    assert place.found() == [mine, theirs]


@pytest.mark.parametrize(
    "text", ["müll", "Mueller", "ann mull", "1234", "5551234", "+49 40 555", "anna@exam"]
)
def test_a_search_finds_by_name_number_and_email(place, text):
    wanted = place.booking(at(25, 8))
    other = place.known("Bert Busch", "+49 40 9998877", "bert@example.com")
    place.booking(at(25, 9), lead=other)
    expected = [] if text == "+49 40 555" else [wanted]
    assert place.found(text=text) == expected


@pytest.mark.parametrize("text", ["zzz", "---", "%", "an% x", "'", "9"])
def test_a_search_without_a_hit_finds_nobody_and_never_everybody(place, text):
    place.booking(at(25, 8))
    assert place.found(text=text) == []


def test_a_search_tells_which_tab_has_it(place):
    place.booking(at(23, 8))
    place.booking(at(22, 8))
    place.booking(at(25, 8), lead=place.known("Bert Busch"))
    gone(place.booking(at(26, 8)), "cancelled")
    counts = booking_list.counts(place.organisation, Filter(text="anna"), now=NOW)
    assert counts == {Tab.TODAY: 0, Tab.UPCOMING: 0, Tab.PAST: 2, Tab.CANCELLED: 1}


def test_nothing_of_another_organisation_is_ever_found(place):
    other = Place("Elsewhere")
    theirs = other.booking(at(24, 17))
    cancelled = other.booking(at(25, 8))
    gone(cancelled, "cancelled")
    other.write(at(25, 9))
    asked = (
        {},
        {"calendar": other.berlin.pk},
        {"lead": other.lead.pk},
        {"person": other.kim.pk},
        {"text": "anna"},
        {"resource": other.anna.pk},
        {"type": other.talk.pk},
    )
    for tab in Tab:
        for one in asked:
            page = place.page(tab, **one)
            assert (page.lines, page.writes, page.open_count) == ((), (), 0)
    assert booking_list.one(place.organisation, theirs.pk) is None
    assert booking_list.day(place.organisation, other.berlin, date(2026, 11, 24)) == ([], [])
    assert set(booking_list.counts(place.organisation, Filter(text="a"), now=NOW).values()) == {0}


def test_open_are_the_unfinished_and_the_refused_that_nobody_has_seen(place):
    states = {state: place.write(at(25, 8), state=state) for state in State}
    place.write(at(25, 8), state=State.REFUSED, seen_at=NOW)
    place.write(at(25, 8), kind=Kind.MOVE_LEAD)
    twice = place.write(at(25, 8), state=State.DONE, reason=Reason.SECOND_ANSWER)
    closed = {State.DONE, State.UNDONE}
    expected = {write for state, write in states.items() if state not in closed} | {twice}
    page = place.page(Tab.OPEN)
    assert set(page.writes) == expected
    assert page.open_count == len(expected)


def test_what_needs_a_person_comes_first(place):
    on_its_way = place.write(at(25, 8), created_at=NOW + timedelta(minutes=2))
    stuck = place.write(at(25, 8), state=State.STUCK, created_at=NOW - timedelta(minutes=5))
    paused = place.write(at(25, 8), state=State.WAITING, reason=Reason.NO_TOKEN)
    assert list(place.page(Tab.OPEN).writes) == [paused, stuck, on_its_way]


def test_a_new_booking_shows_on_top_until_it_has_its_row(place):
    today, tomorrow = place.write(at(24, 18)), place.write(at(25, 8))
    assert set(place.page(Tab.UPCOMING).writes) == {today, tomorrow}
    assert place.page(Tab.TODAY).writes == (today,)
    assert place.page(Tab.PAST).writes == ()
    assert place.page(Tab.UPCOMING, number=2).writes == ()


@pytest.mark.parametrize("kind", [Kind.RESCHEDULE, Kind.CANCEL])
def test_a_change_shows_at_the_booking_it_changes(place, kind):
    booking = place.booking(at(25, 8))
    place.booking(at(25, 9))
    place.write(at(26, 8), kind=kind, about=booking, state=State.STUCK)
    place.write(at(26, 8), kind=kind, about=booking, state=State.DONE)
    page = place.page()
    changed, other = page.lines
    assert (changed.change.kind, changed.change.state) == (kind, State.STUCK)
    assert other.change is None
    assert page.writes == ()


def test_open_writes_are_found_by_both_places_of_a_move(place):
    booking = place.booking(at(25, 8))
    move = place.write(
        at(26, 8), kind=Kind.RESCHEDULE, about=booking, calendar="nepal", resource="jana"
    )
    place.write(at(27, 8), type="check")
    for asked in (
        {"calendar": place.nepal.pk, "resource": place.jana.pk},
        {"calendar": place.berlin.pk, "resource": place.anna.pk, "type": place.talk.pk},
    ):
        assert place.page(Tab.OPEN, **asked).writes == (move,)
    assert place.page(Tab.OPEN, type=place.check.pk).open_count == 1


def test_pages_follow_each_other_without_gap_or_repeat(place, monkeypatch):
    monkeypatch.setattr(booking_list, "PAGE_ROWS", 3)
    # All at one time: only the key orders them.
    rows = {place.booking(at(25, 8)) for _ in range(7)}
    pages = [place.page(number=number) for number in (1, 2, 3)]
    assert [len(page.lines) for page in pages] == [3, 3, 1]
    assert [page.has_more for page in pages] == [True, True, False]
    assert {line.booking for page in pages for line in page.lines} == rows


def test_a_page_takes_two_queries_whatever_is_in_it(place, django_assert_num_queries):
    place.page(Tab.TODAY)
    for number in range(40):
        booking = place.booking(at(25, 8), lead=place.known(f"Lead {number}", f"040 77{number:03}"))
        place.write(at(26, 8), kind=Kind.RESCHEDULE, about=booking)
        old = place.booking(at(20, 8))
        gone(old, "moved", moved_to=booking)
    for tab in (Tab.TODAY, Tab.UPCOMING, Tab.PAST, Tab.CANCELLED, Tab.OPEN):
        with django_assert_num_queries(2):
            for line in place.page(tab, text="lead", calendar=place.berlin.pk).lines:
                assert line.booking.lead.name
                assert line.booking.calendar.zone
                assert line.booking.resource.name
                assert line.booking.appointment_type.name
                assert line.booking.booked_by.username


def test_a_day_has_all_that_begins_on_it_by_time(place):
    second, first = place.booking(at(25, 9)), place.booking(at(24, 23))
    cancelled = place.booking(at(25, 8))
    gone(cancelled, "cancelled")
    place.booking(at(25, 23))
    place.booking(at(25, 9), calendar=place.nepal)
    coming = place.write(at(25, 10))
    place.write(at(26, 10))
    place.write(at(25, 11), state=State.REFUSED)
    lines, writes = booking_list.day(place.organisation, place.berlin, date(2026, 11, 25))
    assert [line.booking for line in lines] == [first, cancelled, second]
    assert writes == [coming]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)])
def test_a_day_of_a_clock_change_is_as_long_as_it_is(day, hours):
    start, end = booking_filter.day_span("Europe/Berlin", day, day)
    assert end - start == timedelta(hours=hours)


def test_an_appointment_keeps_its_lineage_through_every_move(place, django_assert_num_queries):
    chain = [place.booking(at(20 + number, 8)) for number in range(4)]
    for old, new in pairwise(chain):
        gone(old, "moved", moved_to=new)
    alone = place.booking(at(28, 8))
    with django_assert_num_queries(4):
        found = booking_lineage.of(place.organisation, [chain[-1].pk, alone.pk, chain[1].pk])
    assert found[chain[-1].pk] == booking_lineage.Lineage(chain[0].pk, 3)
    assert found[chain[1].pk] == booking_lineage.Lineage(chain[0].pk, 1)
    assert found[alone.pk] == booking_lineage.Lineage(alone.pk, 0)


def test_rows_in_a_circle_end(place):
    one, other = place.booking(at(25, 8)), place.booking(at(26, 8))
    gone(one, "moved", moved_to=other)
    gone(other, "moved", moved_to=one)
    assert booking_lineage.of(place.organisation, [one.pk])[one.pk].moves <= 50
