"""Finding in the audit log: by group, person, days and ids; pages that never skip or repeat."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingapp.domain import audit_log, lead_mirror
from bookingapp.domain.audit_log import Filter, Place
from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.models import (
    Attempt,
    AuditEvent,
    Calendar,
    LeadPool,
    Organisation,
    Role,
    Write,
)
from bookingapp.domain.states import Kind, State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def place(db):
    return Organisation.objects.create(name="A", slug="a", connect_url="https://a.example")


@pytest.fixture
def kim(place):
    person = get_user_model().objects.create(username="kim")
    Role.objects.create(person=person, organisation=place, name="staff")
    return person


@pytest.fixture
def elsewhere(db):
    return Organisation.objects.create(name="B", slug="b", connect_url="https://b.example")


@pytest.fixture
def write(place, kim):
    pool = LeadPool.objects.create(organisation=place, connect_id="pool", name="Pool")
    told = {"id": "lead-at-connect", "tableId": pool.connect_id, "data": {"name": "Anna Muster"}}
    lead, _ = lead_mirror.adopt(place, told, now=timezone.now())
    return Write.objects.create(
        organisation=place,
        kind=Kind.MOVE_LEAD,
        intent=uuid.uuid4(),
        digest="d",
        person=kim,
        lead=lead,
        state=State.DUE,
        created_at=NOW,
        changed_at=NOW,
    )


def made(place, count=1, *, action="test", at=NOW, **fields):
    rows = [
        AuditEvent(organisation=place, action=action, at=at - timedelta(minutes=n), **fields)
        for n in range(count)
    ]
    return AuditEvent.objects.bulk_create(rows)


def found(place, **asked):
    return [event.pk for event in audit_log.page(place, Filter(**asked)).events]


def pages(place, **asked):
    """All pages one after the other."""
    after = None
    while True:
        page = audit_log.page(place, Filter(**asked), after)
        yield from page.events
        after = page.older
        if after is None:
            return


def test_the_newest_come_first_and_nobody_elses_at_all(place, elsewhere):
    old, new = made(place, at=NOW - timedelta(days=1)) + made(place)
    made(elsewhere)
    assert found(place) == [new.pk, old.pk]


def test_pages_have_each_event_once_though_many_are_of_the_same_instant(place, kim):
    wanted = made(place, 70) + [made(place, at=NOW)[0] for _ in range(60)]
    loose = made(None, 40, action="sign-in", person=kim)
    keys = [event.pk for event in pages(place)]
    assert sorted(keys) == sorted(one.pk for one in wanted + loose)
    events = list(pages(place))
    assert events == sorted(events, key=lambda one: (one.at, one.pk), reverse=True)


def test_what_is_added_meanwhile_moves_no_page(place):
    first = {one.pk for one in made(place, 80)}
    page = audit_log.page(place, Filter())
    made(place, 5, at=NOW + timedelta(hours=1))
    rest = audit_log.page(place, Filter(), page.older)
    assert {one.pk for one in (*page.events, *rest.events)} == first


def test_all_of_it_is_read_in_chunks(place, monkeypatch):
    monkeypatch.setattr(audit_log, "CHUNK_ROWS", 7)
    made(place, 30)
    keys = [event.pk for event in audit_log.every(place, Filter())]
    assert (len(keys), len(set(keys))) == (30, 30)


def test_signing_in_shows_of_those_who_work_here(place, kim, elsewhere):
    stranger = get_user_model().objects.create(username="stranger")
    Role.objects.create(person=stranger, organisation=elsewhere, name="admin")
    (mine,) = made(None, action="sign-in", person=kim)
    made(None, action="sign-in", person=stranger)
    made(None, action="sign-in.refused")
    assert found(place) == [mine.pk]
    assert audit_log.one(place, mine.pk) == mine
    other = AuditEvent.objects.exclude(pk=mine.pk).first()
    assert audit_log.one(place, other.pk) is None


def test_it_is_narrowed_by_group_person_and_the_desk_itself(place, kim):
    (by_kim,) = made(place, person=kim, topic=Topic.EXPORTS)
    (by_desk,) = made(place, topic=Topic.WRITES)
    assert found(place, person=kim.pk) == found(place, topic=Topic.EXPORTS) == [by_kim.pk]
    assert found(place, by_desk=True) == found(place, topic=Topic.WRITES) == [by_desk.pk]
    assert found(place, person=kim.pk, topic=Topic.WRITES) == []


def test_days_are_those_of_the_organisations_zone(place):
    Calendar.objects.create(organisation=place, connect_id="c", name="C", zone="Asia/Kathmandu")
    Organisation.objects.filter(pk=place.pk).update(catalogue_version=77)
    place.refresh_from_db()
    day = datetime(2026, 11, 20, tzinfo=UTC).date()
    # Midnight in Kathmandu is 18:15 UTC of the day before.
    (before,) = made(place, at=datetime(2026, 11, 19, 18, 14, 59, tzinfo=UTC))
    (first,) = made(place, at=datetime(2026, 11, 19, 18, 15, tzinfo=UTC))
    (last,) = made(place, at=datetime(2026, 11, 20, 18, 14, 59, tzinfo=UTC))
    (after,) = made(place, at=datetime(2026, 11, 20, 18, 15, tzinfo=UTC))
    assert found(place, first=day, last=day) == [last.pk, first.pk]
    assert found(place, first=day) == [after.pk, last.pk, first.pk]
    assert found(place, last=day) == [last.pk, first.pk, before.pk]


def test_any_id_of_a_write_finds_who_asked_for_it(place, kim, write):
    (asked,) = made(place, action="write.moved", person=kim, write=write, request_id="r" * 32)
    made(place, 3)
    Attempt.objects.create(write=write, number=1, started_at=NOW, request_id="c" * 32)
    (about,) = made(place, action="waiting.marked", person=kim, about=str(write.lead_id))
    for text in ("r" * 32, "c" * 32, str(write.pk), write.pk.hex):
        assert found(place, text=text) == [asked.pk], text
    for text in (str(write.lead_id), "lead-at-connect", "muster an"):
        assert found(place, text=text) == [about.pk, asked.pk], text
    assert found(place, text="nothing like that") == []
    assert found(place, text=str(uuid.uuid4())) == []


def test_no_id_leads_into_another_organisation(place, elsewhere, write, kim):
    made(place, action="write.moved", person=kim, write=write, request_id="r" * 32)
    Attempt.objects.create(write=write, number=1, started_at=NOW, request_id="c" * 32)
    for text in ("r" * 32, "c" * 32, str(write.pk), str(write.lead_id), "lead-at-connect", "anna"):
        assert found(elsewhere, text=text) == [], text


def test_the_calls_of_a_write_stand_beside_each_of_its_events(place, write):
    moved = made(place, 2, action="write.moved", write=write)
    Attempt.objects.create(write=write, number=2, started_at=NOW)
    Attempt.objects.create(write=write, number=1, started_at=NOW)
    calls = audit_log.calls_of(moved)
    assert [one.number for one in calls[write.pk]] == [1, 2]
    assert audit_log.calls_of(made(place)) == {}


@pytest.mark.parametrize("text", ["", "1", "a-b", "1-2-3", "-1-2", "9" * 17 + "-1", "1-²", "1-"])
def test_a_place_that_is_none_is_the_beginning(text):
    assert Place.read(text) is None


def test_a_place_is_read_as_it_was_written():
    there = Place(NOW + timedelta(microseconds=3), 17)
    assert Place.read(str(there)) == there


AUDIT = 'FROM "domain_auditevent"'
ASKED = {
    "everything": {},
    "a group": {"topic": Topic.TOKENS},
    "a person": {"person": 1},
    "days": {"first": NOW.date(), "last": NOW.date()},
}


@pytest.mark.parametrize("name", ASKED)
def test_an_index_gives_the_rows_in_their_order(place, kim, name):
    """Nothing is sorted and nothing is read in full, however long the log is."""
    made(place, 60)
    other = get_user_model().objects.create(username="other")
    Role.objects.create(person=other, organisation=place, name="admin")
    with CaptureQueriesContext(connection) as queries:
        page = audit_log.page(place, Filter(**ASKED[name]))
        audit_log.page(place, Filter(**ASKED[name]), page.older or Place(NOW, 1))
    plans = [plan(one["sql"]) for one in queries if AUDIT in one["sql"]]
    assert len(plans) == 4
    for told in plans:
        assert "audit_" in told
        assert "TEMP B-TREE" not in told
        assert "SCAN domain_auditevent" not in told


def plan(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
