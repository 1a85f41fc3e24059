"""What RocketLead tells of leads and bookings, in any order, twice, half or hostile."""

import json
import random
from datetime import timedelta

import pytest

from bookingapp.domain import catalogue, stories
from bookingapp.domain.errors import Invalid
from bookingapp.domain.hooks import bodies, config, fields, inbox
from bookingapp.domain.models import Booking, Delivery, Lead, LeadEvent
from tests.domain.hook_world import NOON, START, HookWorld, at, booking_event, lead_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return HookWorld()


def test_a_new_lead_appears_with_what_was_told(world):
    told = lead_event("added", data={"name": "Zoë Ø", "phone": "0301234567", "note": ""})
    assert world.result(told) == "applied"
    lead = world.lead()
    assert (lead.name, lead.pool, lead.state_connect_id) == ("Zoë Ø", world.pool, "ls_new")
    assert lead.data == {"name": "Zoë Ø", "phone": "0301234567"}
    assert lead.board_state == "ls_new"


def test_what_is_not_told_stays_and_empty_texts_tell_nothing(world):
    world.tell(lead_event(data={"name": "Anna", "plz": "10115"}, followUpDate=at(600)))
    half = {"event": "table.entry.leadState.changed", "leadId": "lead_1", "at": at(5),
            "leadStateId": "ls_won", "email": "a@b.example", "name": "", "lead": {}}  # fmt: skip
    assert world.result(half) == "applied"
    lead = world.lead()
    assert lead.data == {"name": "Anna", "plz": "10115", "email": "a@b.example"}
    assert (lead.state_connect_id, lead.follow_up_at.hour) == ("ls_won", 22)


def test_a_null_was_told_on_purpose(world):
    world.tell(lead_event(data={"name": "Anna", "plz": "1"}, followUpDate=at(600)))
    world.tell(lead_event(minute=1, data={"plz": None}, followUpDate=None))
    lead = world.lead()
    assert (lead.data, lead.follow_up_at) == ({"name": "Anna"}, None)


def test_the_same_delivery_again_only_counts(world):
    told = lead_event(state="ls_won")
    assert [world.result(told), world.result(told), world.result(told)] == [
        "applied", "repeated", "repeated",
    ]  # fmt: skip
    assert (Delivery.objects.get().times, LeadEvent.objects.count()) == (3, 1)


def test_an_older_telling_changes_nothing(world):
    world.tell(lead_event(state="ls_won", minute=5, data={"name": "Anna"}))
    before = world.mirror()
    late = lead_event(state="ls_called", minute=3, data={"name": "Berta"})
    assert world.result(late) == "older"
    assert world.mirror() == before


def test_within_one_second_only_what_begins_where_the_lead_is_comes_after(world):
    world.tell(lead_event(state="ls_new"))
    world.tell(lead_event(state="ls_won", minute=1, oldStateId="ls_called"))
    assert world.result(lead_event(state="ls_called", minute=1, oldStateId="ls_new")) == "unchanged"
    assert world.lead().state_connect_id == "ls_won"


def test_the_same_words_without_any_time_are_a_new_telling_after_ten_minutes(world):
    bare = {"event": "table.entry.leadState.changed", "leadId": "lead_1", "leadStateId": "ls_won"}
    away = {**bare, "leadStateId": "ls_new"}
    assert world.result(bare) == "applied"
    assert world.result(bare, now=NOON + timedelta(seconds=599)) == "repeated"
    assert world.result(away, now=NOON + timedelta(seconds=600)) == "applied"
    assert world.result(bare, now=NOON + timedelta(seconds=1201)) == "applied"
    assert world.lead().state_connect_id == "ls_won"


def test_an_event_id_names_the_delivery_whatever_else_differs(world):
    told = lead_event() | {"eventId": "e-1"}
    assert world.result(told) == "applied"
    assert world.result(told | {"sentAt": "later"}) == "repeated"


def test_an_id_that_is_always_the_same_hides_no_other_event(world):
    world.tell(lead_event(state="ls_new") | {"eventId": "node-7"})
    assert world.result(lead_event(state="ls_won", minute=1) | {"eventId": "node-7"}) == "applied"


def test_a_booking_made_elsewhere_appears(world):
    assert world.result(booking_event()) == "applied"
    booking = Booking.objects.get()
    assert (booking.connect_id, booking.lead.connect_id) == ("bok_1", "lead_1")
    assert (booking.calendar, booking.resource) == (world.calendar, world.resource)
    assert (booking.starts_at, booking.write, booking.gone_at) == (START, None, None)


def test_a_booking_in_a_place_nobody_knows_is_kept_with_what_is_missing(world):
    strange = booking_event(calendarId="cal_9")
    received = world.tell(strange)
    assert (received.delivery.problem, Booking.objects.count()) == ("calendar_unknown", 0)
    assert Delivery.objects.get().body == strange


def test_a_deletion_leaves_a_tombstone_that_no_late_event_lifts(world):
    world.tell(booking_event())
    assert world.result(booking_event("deleted", minute=5)) == "applied"
    assert world.result(booking_event("hasStarted", minute=9)) == "older"
    booking = Booking.objects.get()
    assert (booking.gone_as, booking.gone_at) == ("elsewhere", NOON + timedelta(minutes=5))


def test_a_deletion_that_came_too_early_and_said_too_little_is_remembered(world):
    early = {"event": "calendar.appointment.deleted", "bookingId": "bok_1", "at": at(5)}
    assert world.result(early) == "ignored"
    world.tell(booking_event())
    assert Booking.objects.get().gone_as == "elsewhere"


def test_the_event_of_a_start_does_not_bring_back_an_old_state(world):
    world.tell(lead_event(state="ls_won", minute=1))
    stale = booking_event("hasStarted", minute=99) | {"leadStateId": "ls_new"}
    world.tell(stale)
    assert world.lead().state_connect_id == "ls_won"


def test_events_that_mean_nothing_here_are_kept_and_ignored(world):
    assert world.result({"event": "form.viewed", "leadId": "lead_1"}) == "ignored"
    assert world.result({"nothing": 1}) == "ignored"
    assert Lead.objects.count() == 0


SEQUENCE = [
    lead_event("added", data={"name": "Anna"}),
    lead_event(state="ls_new"),
    lead_event(state="ls_called", minute=2, data={"name": "Anna Berg"}),
    booking_event(minute=3),
    lead_event(state="ls_won", minute=4, data={"name": "Anna Berg", "plz": "10115"}),
    booking_event("deleted", minute=5),
    booking_event(booking="bok_2", minute=6, startDateTime="2026-12-02T10:00:00+01:00",
                  endDateTime="2026-12-02T10:30:00+01:00"),
    booking_event("hasStarted", booking="bok_2", minute=90,
                  startDateTime="2026-12-02T10:00:00+01:00",
                  endDateTime="2026-12-02T10:30:00+01:00", createdAt=at(6)),
    lead_event("added", lead="lead_2", state="ls_new", minute=7, data={"name": "Ben"}),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_any_order_with_repeats_ends_in_the_same_mirror(world, seed):
    chance = random.Random(seed)
    shuffled = [*SEQUENCE, *chance.sample(SEQUENCE, 5)]
    chance.shuffle(shuffled)
    for told in shuffled:
        world.tell(told)
    mixed = world.mirror()
    Booking.objects.all().delete()
    Lead.objects.all().delete()
    Delivery.objects.all().delete()
    for told in SEQUENCE:
        world.tell(told)
    in_order = world.mirror()
    assert mixed[1] == in_order[1]
    # What an older telling said of a key that no newer one names may be missing, nothing else.
    assert mixed[0] == in_order[0]
    assert [row[1] for row in in_order[0]] == ["ls_won", "ls_new"]


HOSTILE = {
    "huge": (b'{"event":"' + b"x" * (bodies.LARGEST + 1) + b'"}', "too_large"),
    "nothing": (b"", "empty"),
    "only NULs": (b"\x00\x00", "empty"),
    "half": (b'{"event": "table.entry', "not_json"),
    "a list": (b"[1, 2]", "not_an_object"),
    "a number": (b"7", "not_an_object"),
    "deep objects": (b'{"a":' * 1000 + b"1" + b"}" * 1000, "too_deep"),
    "very deep lists": (b"[" * 100_000, "too_deep"),
    "a number of 5,000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
    "a picture": (bytes(range(256)) * 4, "not_json"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_kept_with_the_reason(world, name):
    raw, code = HOSTILE[name]
    with pytest.raises(bodies.Unreadable) as refused:
        world.tell(raw)
    assert refused.value.code == code
    kept = Delivery.objects.get()
    assert (kept.result, kept.problem, len(kept.body["raw"]) <= 4000) == ("unreadable", code, True)
    with pytest.raises(bodies.Unreadable):
        world.tell(raw)
    assert Delivery.objects.get().times == 2


def test_only_so_many_unreadable_ones_are_kept(world, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_UNREADABLE", 3)
    for number in range(6):
        with pytest.raises(bodies.Unreadable):
            world.tell(b"no %d" % number, now=NOON + timedelta(seconds=number))
    assert [row.body["raw"] for row in Delivery.objects.all()] == ["no 5", "no 4", "no 3"]


ODD = {
    "NULs and half characters": '{"event": "table.entry.added", "leadId": "l\\u0000\\ud800",'
    ' "data": {"name": "a\\u0000b\\udc00", "\\u0000key": "\\ud83d"}}',
    "wrong types": '{"event": "table.entry.added", "leadId": "l", "data": [1], "lead": "text",'
    ' "createdAt": 5, "updatedAt": {"a": 1}, "poolId": ["x"], "archived": "perhaps",'
    ' "customFieldData": 7, "followUpDate": "tomorrow"}',
    "numbers that are none": '{"event": "table.entry.added", "leadId": "l",'
    ' "data": {"a": 1e999, "b": 99999999999999999999, "c": -0.0}}',
    "naive times": '{"event": "table.entry.added", "leadId": "l", "at": "2026-11-24T12:00:00"}',
    "times beyond": '{"event": "table.entry.added", "leadId": "l",'
    ' "updatedAt": "0001-01-01T00:00:00+14:00", "createdAt": "9999-12-31T23:59:59-12:00"}',
    "an id that is a number": '{"event": "table.entry.added", "leadId": 42}',
    "a long one": json.dumps({"event": "table.entry.added", "leadId": "l" * 5000,
                              "data": {"name": "n" * 20_000, "phone": "1" * 9000}}),
    "an object as a text": json.dumps({"event": "table.entry.added", "leadId": "l",
                                       "data": '{"a": "\\u0000\\ud800", "b": 1e999}'}),
    "a deep object as a text": json.dumps({"event": "table.entry.added", "leadId": "l",
                                           "data": '{"a":' * 900 + "1" + "}" * 900}),
    "scripts": json.dumps({"event": "<script>", "leadId": "l", "data": {"<b>": "</td>"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_bodies_break_nothing(world, name):
    received = world.tell(ODD[name].encode())
    assert Delivery.objects.get() == received.delivery
    assert Lead.objects.count() == (name != "scripts")


def test_a_very_long_body_is_kept_by_its_beginning(world):
    world.tell(lead_event(data={"note": "x" * 100_000}))
    assert len(Delivery.objects.get().body["cut"]) == bodies.LONGEST_KEPT
    assert len(world.lead().data["note"]) == 100_000


def test_paths_can_be_changed_and_put_back(world, django_user_model):
    person = django_user_model.objects.create(username="admin")
    typed = {"lead_id": "kunde.nr, id", "state_id": "status", "single_keys": "plz, ort"}
    config.set_paths(world.organisation, typed, person=person, now=NOON)
    world.tell({"event": "table.entry.added", "kunde": {"nr": "k-1"}, "status": "ls_won",
                "plz": "10115", "ort": ""})  # fmt: skip
    lead = world.lead("k-1")
    assert (lead.state_connect_id, lead.data) == ("ls_won", {"plz": "10115"})
    config.set_paths(world.organisation, {}, person=person, now=NOON)
    assert config.paths(world.organisation) == fields.paths_of({})


@pytest.mark.parametrize("path", ["{{a.b}}", "a..b", "a.", "\x07", "x" * 201])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(Invalid) as refused:
        fields.changed_from({"event": path})
    assert refused.value.fields == {"event": "path"}


def test_a_rehearsal_goes_the_whole_way_and_changes_nothing(world):
    world.tell(lead_event(data={"name": "Anna"}))
    before = world.mirror()
    raw = json.dumps(lead_event(state="ls_won", minute=9)).encode()
    told = inbox.rehearse(world.organisation, Delivery.Way.EVENTS, raw, now=NOON)
    assert told.result == "test"
    assert told.changed == ["would:applied", "lead_moved"]
    assert world.mirror() == before
    assert world.result(json.loads(raw)) == "applied"


def test_the_story_of_a_booking_made_elsewhere_is_found(world):
    world.tell(booking_event())
    booking = Booking.objects.get()
    story = stories.find(world.organisation, booking.pk)
    assert (story.booking, story.writes, story.open) == (booking, (), None)


def test_a_placeholder_that_nobody_filled_in_tells_nothing(world):
    unfilled = lead_event("added", lead="{{TRIGGER.tableEntry.id}}")
    received = world.tell(unfilled)
    assert (received.delivery.problem, Lead.objects.count()) == ("no_lead", 0)
    world.tell(lead_event("added", data={"name": "{{ T.name }}", "phone": "1"}))
    assert world.lead().data == {"phone": "1"}
