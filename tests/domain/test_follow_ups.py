"""The queue of the day: who is in it, in which order, and what takes a lead out of it."""

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookingapp.domain import (
    booking_filter,
    catalogue,
    follow_up_dates,
    follow_up_outcomes,
    follow_ups,
    lead_advice,
    lead_edits,
    undo,
)
from bookingapp.domain.errors import Invalid
from bookingapp.domain.follow_up_outcomes import AskedOutcome, HandledMeanwhile, Outcome
from bookingapp.domain.models import (
    Lead,
    LeadEvent,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
    Write,
)
from bookingapp.domain.settling import AlreadySettled
from bookingapp.domain.states import State

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Desk:
    """Leads of one organisation, made without Connect."""

    def __init__(self, organisation, person):
        self.organisation, self.person = organisation, person
        own = {"organisation": organisation}
        self.pool = LeadPool.objects.create(connect_id="p1", name="Enquiries", **own)
        self.other = LeadPool.objects.create(connect_id="p2", name="Recall", **own)
        states = {"fresh": "new", "warm": "inProgress", "won": "completed"}
        for place, (name, category) in enumerate(states.items()):
            state = LeadState.objects.create(connect_id=name, name=name, category=category, **own)
            PoolState.objects.create(pool=self.pool, state=state, position=place)
        organisation.catalogue_at = NOW
        organisation.catalogue_version += 1
        organisation.save()

    def lead(self, name, *, due=None, age=HOUR, opened=None, state="fresh", **fields):
        return Lead.objects.create(
            organisation=self.organisation,
            **{"pool": self.pool, "connect_id": name, "name": name} | fields,
            state_connect_id=state,
            board_state=state,
            follow_up_at=due,
            first_opened_at=opened,
            created_at=NOW - age,
            known_at=NOW,
        )

    def queue(self, pool=None, now=NOW):
        today = booking_filter.local_day("Europe/Berlin", now)
        span = booking_filter.day_span("Europe/Berlin", today, today)
        return follow_ups.Queue(self.organisation, pool, now, *span)

    def names(self, **more):
        return [lead.name for lead in self.queue(**more).listing().queue]

    def note(self, lead, outcome, *, hold=30, person=None, **more):
        asked = AskedOutcome(uuid.uuid4(), outcome, **more)
        return follow_up_outcomes.record(
            self.organisation,
            person or self.person,
            lead,
            asked,
            now=NOW,
            hold_seconds=hold,
        )


@pytest.fixture
def desk(django_user_model):
    return Desk(office("here"), django_user_model.objects.create_user("kim", "kim@example.com"))


def office(slug):
    return Organisation.objects.create(name=slug, slug=slug, connect_url="http://127.0.0.1:9")


pytestmark = pytest.mark.django_db


# -- who is in it, and in which order --------------------------------------------------------


def test_the_longest_overdue_first_then_the_oldest_without_a_call(desk):
    desk.lead("young", age=HOUR)
    desk.lead("due", due=NOW - HOUR)
    desk.lead("old", age=3 * DAY)
    desk.lead("overdue", due=NOW - 2 * DAY)
    assert desk.names() == ["overdue", "due", "old", "young"]


def test_what_comes_later_is_not_in_it_yet(desk):
    desk.lead("tonight", due=NOW + 5 * HOUR)
    desk.lead("tomorrow", due=NOW + DAY)
    listing = desk.queue().listing()
    assert (listing.queue, [lead.name for lead in listing.later]) == ([], ["tonight"])
    # Due exactly now is due.
    assert desk.names(now=NOW + 5 * HOUR) == ["tonight"]


@pytest.mark.parametrize(
    "fields",
    [{"archived": True}, {"never_created": True}, {"connect_id": ""}],
    ids=["archived", "never created", "not created yet"],
)
def test_who_cannot_be_called_is_not_in_it(desk, fields):
    desk.lead("due", due=NOW - HOUR, **fields)
    desk.lead("new", **({"connect_id": "n"} | fields))
    assert desk.names() == []


def test_nobody_waits_for_a_first_call_in_a_closed_state_but_a_date_counts(desk):
    desk.lead("won", state="won")
    desk.lead("won and due", state="won", due=NOW - HOUR)
    assert desk.names() == ["won and due"]


def test_one_pool_or_those_without_a_pool(desk):
    desk.lead("here")
    desk.lead("there", pool=desk.other)
    desk.lead("nowhere", pool=None)
    assert desk.names(pool=desk.other.pk) == ["there"]
    assert desk.names(pool=0) == ["nowhere"]
    assert len(desk.names()) == 3


def test_another_organisations_leads_are_not_there(desk, django_user_model):
    other = Desk(office("there"), desk.person)
    other.lead("theirs", due=NOW - HOUR)
    assert desk.names() == []


def test_who_was_opened_and_left_stays_for_a_day_where_it_was(desk):
    desk.lead("first", age=3 * HOUR)
    desk.lead("left", age=2 * HOUR, opened=NOW - HOUR)
    desk.lead("last", age=HOUR)
    desk.lead("long ago", age=9 * DAY, opened=NOW - 2 * DAY)
    assert desk.names() == ["first", "left", "last"]
    assert desk.names(now=NOW + DAY) == ["first", "last"]


def test_who_was_opened_and_dealt_with_is_not_in_it(desk):
    noted = desk.lead("noted", opened=NOW - HOUR)
    LeadEvent.objects.create(lead=noted, at=NOW, kind="note", source="person", text="Called")
    assert desk.names() == []


def test_counts_are_honest_and_bounded(desk, monkeypatch):
    for number in range(4):
        desk.lead(f"old {number}", due=NOW - 2 * DAY)
        desk.lead(f"new {number}")
    desk.lead("today", due=NOW - HOUR)
    desk.lead("later", due=NOW + HOUR)
    assert desk.queue().counts() == follow_ups.Counts(due=5, overdue=4, first=4, later=1)
    monkeypatch.setattr(follow_ups, "MOST_COUNTED", 3)
    assert desk.queue().counts() == follow_ups.Counts(due=3, overdue=3, first=3, later=1)


def test_next_and_previous_walk_the_whole_queue_beyond_what_is_listed(desk, monkeypatch):
    monkeypatch.setattr(follow_ups, "SHOWN", 2)
    for number in range(5):
        # Equals are told apart by their id.
        desk.lead(f"due {number}", due=NOW - HOUR)
        desk.lead(f"new {number}", opened=NOW - HOUR if number % 2 else None)
    queue, walked = desk.queue(), []
    lead = queue.head()
    while lead is not None:
        walked.append(lead)
        lead = queue.after(queue.place_of(lead))
    assert len(walked) == len({lead.pk for lead in walked}) == 10
    assert [lead.name.split()[0] for lead in walked] == ["due"] * 5 + ["new"] * 5
    back = [walked[-1]]
    while (lead := queue.before(queue.place_of(back[-1]))) is not None:
        back.append(lead)
    assert back == walked[::-1]


def test_the_questions_do_not_grow_with_the_queue(desk, django_assert_max_num_queries):
    for number in range(30):
        desk.lead(f"due {number}", due=NOW - HOUR)
        desk.lead(f"new {number}")
    catalogue.snapshot(desk.organisation)
    queue = desk.queue()
    with django_assert_max_num_queries(9):
        queue.listing()
        queue.counts()


# -- what takes a lead out of it, and what brings it back -------------------------------------


def test_reached_clears_the_date_and_is_kept(desk):
    lead = desk.lead("due", due=NOW - HOUR)
    recorded = desk.note(lead, Outcome.REACHED, note=" Wants Tuesday\x00 ")
    [write] = recorded.writes
    assert (write.state, write.payload["changes"]) == (State.HELD, {"follow_up_at": None})
    event = LeadEvent.objects.get()
    assert (event.kind, event.text, event.person) == ("outcome", "Wants Tuesday", desk.person)
    assert desk.names() == []


def test_not_reached_sets_the_new_date(desk):
    lead = desk.lead("new")
    desk.note(lead, Outcome.NOT_REACHED, until=NOW + DAY)
    write = Write.objects.get()
    assert write.payload["changes"] == {"follow_up_at": (NOW + DAY).isoformat()}
    assert LeadEvent.objects.get().details["until"] == (NOW + DAY).isoformat()
    assert desk.names() == []


def test_undone_in_the_bar_the_lead_is_back(desk):
    lead = desk.lead("new")
    recorded = desk.note(lead, Outcome.NOT_REACHED, until=NOW + DAY)
    undo.undo(recorded.writes[0], person=desk.person, now=NOW)
    assert desk.names() == ["new"]
    assert follow_up_outcomes.newest(lead) is None


def test_taken_back_all_that_it_asked_for_is_undone(desk):
    lead = desk.lead("due", due=NOW - HOUR)
    recorded = desk.note(lead, Outcome.MOVED, to_state="warm")
    assert len(recorded.writes) == 2
    follow_up_outcomes.take_back(recorded.event, desk.person, now=NOW)
    assert set(Write.objects.values_list("state", flat=True)) == {State.UNDONE}
    assert desk.names() == ["due"]
    lead.refresh_from_db()
    assert lead.board_state == "fresh"


def test_an_outcome_that_changes_nothing_can_be_taken_back_too(desk):
    lead = desk.lead("new")
    recorded = desk.note(lead, Outcome.REACHED)
    assert (recorded.writes, desk.names()) == ([], [])
    follow_up_outcomes.take_back(recorded.event, desk.person, now=NOW)
    assert desk.names() == ["new"]


def test_what_is_sent_cannot_be_taken_back(desk):
    recorded = desk.note(desk.lead("due", due=NOW - HOUR), Outcome.REACHED, hold=0)
    with pytest.raises(AlreadySettled):
        follow_up_outcomes.take_back(recorded.event, desk.person, now=NOW)
    assert "undone" not in LeadEvent.objects.get().details


@pytest.mark.parametrize("due", [NOW - HOUR, None])
def test_refused_by_connect_the_lead_is_back(desk, due):
    lead = desk.lead("one", due=due)
    [write] = desk.note(lead, Outcome.NOT_REACHED, until=NOW + DAY, hold=0).writes
    Write.objects.filter(pk=write.pk).update(state=State.REFUSED)
    assert desk.names() == ["one"]


def test_the_same_form_twice_is_one_outcome(desk):
    lead = desk.lead("due", due=NOW - HOUR)
    asked = AskedOutcome(uuid.uuid4(), Outcome.REACHED)
    more = {"now": NOW, "hold_seconds": 8}
    first, second = (
        follow_up_outcomes.record(desk.organisation, desk.person, lead, asked, **more)
        for _ in range(2)
    )
    assert first.event == second.event
    assert (Write.objects.count(), LeadEvent.objects.count()) == (1, 1)


def test_two_people_never_handle_one_silently(desk, django_user_model):
    maria = django_user_model.objects.create_user("maria", "maria@example.com")
    lead = desk.lead("new")
    desk.note(lead, Outcome.REACHED, person=maria, seen=0)
    with pytest.raises(HandledMeanwhile) as caught:
        desk.note(lead, Outcome.REACHED, seen=0)
    assert caught.value.event.person == maria
    assert LeadEvent.objects.count() == 1
    desk.note(lead, Outcome.REACHED, seen=caught.value.event.pk)
    assert LeadEvent.objects.count() == 2


def test_a_date_that_was_set_elsewhere_is_not_written_over_silently(desk):
    lead = desk.lead("due", due=NOW - HOUR)
    shown = lead_edits.present(lead)["follow_up_at"]
    Lead.objects.update(follow_up_at=NOW - 2 * HOUR)
    with pytest.raises(lead_edits.EditedMeanwhile):
        desk.note(lead, Outcome.NOT_REACHED, until=NOW + DAY, seen_date=shown)
    assert not LeadEvent.objects.exists()


def test_a_refused_move_notes_nothing(desk):
    lead = desk.lead("due", due=NOW - HOUR)
    with pytest.raises(Invalid) as caught:
        desk.note(lead, Outcome.MOVED, to_state="no such state")
    assert caught.value.fields == {"state": "unknown"}
    assert (Write.objects.count(), LeadEvent.objects.count()) == (0, 0)


def test_how_often_it_was_not_reached_in_a_row(desk):
    events = [
        LeadEvent(details={"outcome": outcome})
        for outcome in ("not_reached", "not_reached", "reached", "not_reached")
    ]
    assert follow_up_outcomes.not_reached_in_a_row(events) == 2


# -- dates -----------------------------------------------------------------------------------


def local(choice):
    return choice.code, choice.at.astimezone(BERLIN).strftime("%a %d %H:%M")


def test_the_quick_choices_on_a_morning():
    assert [local(one) for one in follow_up_dates.choices(NOW, BERLIN)] == [
        ("hour", "Tue 24 13:00"),
        ("afternoon", "Tue 24 15:00"),
        ("tomorrow", "Wed 25 09:00"),
        ("three_days", "Fri 27 09:00"),
        ("next_week", "Mon 30 09:00"),
    ]


def test_no_afternoon_in_the_afternoon_and_nothing_twice():
    codes = [one.code for one in follow_up_dates.choices(NOW + 4 * HOUR, BERLIN)]
    assert "afternoon" not in codes
    friday = datetime(2026, 11, 27, 11, tzinfo=UTC)
    found = follow_up_dates.choices(friday, BERLIN)
    assert len({one.at for one in found}) == len(found)
    sunday = datetime(2026, 11, 29, 11, tzinfo=UTC)
    assert "next_week" not in [one.code for one in follow_up_dates.choices(sunday, BERLIN)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_the_morning_stays_the_morning_when_the_clocks_change(zone, month):
    zone = ZoneInfo(zone)
    for day in range(1, 31):
        now = datetime(2026, month, day, 10, tzinfo=zone).astimezone(UTC)
        for one in follow_up_dates.choices(now, zone)[2:]:
            assert one.at.astimezone(zone).strftime("%H:%M") == "09:00"
            assert one.at > now


def test_in_an_hour_is_an_hour_of_time_when_the_clocks_change():
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert follow_up_dates.choices(now, BERLIN)[0].at == now + HOUR


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("tomorrow", "unreadable"),
        ("2026-11-24T10:00+01:00", "unreadable"),
        ("2026-11-24T12:00", "past"),
        ("2036-11-24T12:00", "too_far"),
        ("9999-12-31T23:59", "too_far"),
        ("2027-03-28T02:30", "skipped"),
        ("2027-10-31T02:30", "twice"),
    ],
)
def test_a_typed_time_that_cannot_be_taken(text, code):
    with pytest.raises(Invalid) as caught:
        follow_up_dates.typed(text, NOW, BERLIN)
    assert caught.value.fields == {"at": code}


def test_a_time_that_comes_twice_is_the_one_that_was_said():
    both = [
        follow_up_dates.typed("2027-10-31T02:30", NOW, BERLIN, second=second)
        for second in (False, True)
    ]
    assert both[1] - both[0] == HOUR
    assert follow_up_dates.typed("2026-11-24T14:30", NOW, BERLIN).hour == 13


# -- who is on which ---------------------------------------------------------------------------


def test_others_are_told_who_is_on_a_lead_for_a_minute(desk, django_user_model):
    maria = django_user_model.objects.create_user("maria", first_name="Maria")
    one, two = desk.lead("one"), desk.lead("two")
    lead_advice.note(desk.organisation, maria, one.pk, now=NOW)
    assert lead_advice.who(desk.organisation, desk.person, now=NOW) == {str(one.pk): ["Maria"]}
    assert lead_advice.who(desk.organisation, maria, now=NOW) == {}
    lead_advice.note(desk.organisation, maria, two.pk, now=NOW)
    assert list(lead_advice.who(desk.organisation, desk.person, now=NOW)) == [str(two.pk)]
    later = NOW + timedelta(seconds=lead_advice.KEPT_SECONDS)
    assert lead_advice.who(desk.organisation, desk.person, now=later) == {}
    lead_advice.forget(desk.organisation, maria, now=NOW)
    assert lead_advice.who(desk.organisation, desk.person, now=NOW) == {}


@pytest.mark.parametrize("raw", [7, {1: "x"}, {1: ("a", "b")}, {1: ("a", 2, 3.0)}])
def test_rubbish_in_the_cache_is_nobody(desk, raw):
    from django.core.cache import cache

    cache.set(lead_advice._key(desk.organisation, 1), raw, 60)
    assert lead_advice.who(desk.organisation, desk.person, now=NOW) == {}
