"""Neighbours in a list, the story, the first opening: over rows, with both orders of a database."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import (
    gateway,
    journal,
    lead_filter,
    lead_mirror,
    lead_neighbours,
    lead_opening,
    lead_story,
)
from bookingapp.domain.lead_story import What
from bookingapp.domain.models import Lead, LeadPool, Organisation, Write
from bookingapp.domain.states import Kind, Reason, State

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
def organisation():
    return Organisation.objects.create(name="A", slug="a", connect_url="https://a.example")


@pytest.fixture
def person(organisation):
    return get_user_model().objects.create(username="kim")


@pytest.fixture
def pool(organisation):
    return LeadPool.objects.create(organisation=organisation, connect_id="tbl", name="Pool")


@pytest.fixture
def lead(organisation, pool):
    return make(organisation, pool, 0)


def make(organisation, pool, n, **fields):
    shared = {"created_at": START + timedelta(minutes=n // 2), "known_at": START,
        "sort_name": b"abc"[n % 3 :][:1], "state_connect_id": "s1", "board_state": "s1",
        "follow_up_at": None if n % 3 == 0 else START + timedelta(days=n % 4)}  # fmt: skip
    return Lead.objects.create(
        organisation=organisation, pool=pool, connect_id=f"lead-{n}", **(shared | fields)
    )


@pytest.mark.parametrize("sort", lead_filter.SORTS)
def test_one_key_after_the_other_walks_the_whole_list_in_its_order(organisation, pool, sort):
    for n in range(13):
        make(organisation, pool, n, board_state=f"s{n % 4 or ''}")
    found = lead_filter.in_pool(organisation, pool.pk)
    listed = list(lead_filter.ordered(found, sort))
    columns = lead_neighbours.columns_of(found)
    assert columns == ["s", "s1", "s2", "s3"]
    for way in (None, columns):
        near = {one.pk: lead_neighbours.of(found, one, sort, columns=way) for one in listed}
        for one, other in pairwise(listed):
            assert (near[one.pk].after, near[other.pk].before) == (other.pk, one.pk)
        assert near[listed[0].pk].before is near[listed[-1].pk].after is None


def test_a_lead_that_has_left_the_list_keeps_its_place_in_it(organisation, pool):
    rows = [make(organisation, pool, n, created_at=START + timedelta(hours=n)) for n in range(3)]
    Lead.objects.filter(pk=rows[1].pk).update(board_state="elsewhere")
    here = lead_filter.in_pool(organisation, pool.pk).filter(board_state="s1")
    near = lead_neighbours.of(here, rows[1], "newest")
    assert (near.before, near.after) == (rows[2].pk, rows[0].pk)


def ask(organisation, person, lead, kind, **payload):
    known = {"from": "s1", "to": "s2"} if kind == Kind.MOVE_LEAD else {"changes": {"data": {}}}
    request = journal.Request(organisation, kind, uuid.uuid4(), person, known | payload, lead=lead)
    return journal.open_write(request, now=timezone.now())[0]


def told(lead):
    return [(one.what, getattr(one.about, "kind", "")) for one in lead_story.of(lead).moments]


def test_the_story_tells_each_thing_once_and_the_newest_first(organisation, person, lead):
    write = ask(organisation, person, lead, Kind.MOVE_LEAD)
    shape = {"id": lead.connect_id, "leadStateId": "s2"}
    # Connect's answer to the move, then a change that somebody made in RocketLead.
    for source, state, by in (("write", "s2", write), ("hook", "s3", None)):
        value = shape | {"leadStateId": state}
        lead_mirror.take(
            lead, lead_value(value), asked={}, source=source, write=by, now=timezone.now(),
            whole=False,
        )  # fmt: skip
    lead_story.note(lead, person, "  called \r\n back\0 ", now=timezone.now())
    assert told(lead) == [
        (What.EVENT, "note"),
        (What.EVENT, "state"),
        (What.WRITE, Kind.MOVE_LEAD),
        (What.CREATED, ""),
    ]
    note = lead.events.get(kind="note")
    assert (note.text, note.person, note.source) == ("called \n back", person, "person")


def lead_value(shape):
    from bookingapp.connect.tolerant import build
    from bookingapp.connect.types.leads import Lead as Told

    return build(Told, shape)


def test_an_empty_note_is_none(person, lead):
    assert lead_story.note(lead, person, " \0 ", now=START) is None
    assert not lead.events.exists()


def test_a_long_story_comes_in_parts_of_four_queries(person, lead, django_assert_num_queries):
    for n in range(8):
        lead_story.note(lead, person, f"note {n}", now=START + timedelta(minutes=n))
    with django_assert_num_queries(4):
        part = lead_story.of(lead, most=5)
    assert [one.about.text for one in part.moments] == [f"note {n}" for n in (7, 6, 5, 4, 3)]
    assert part.has_more
    assert not lead_story.of(lead, most=20).has_more


# -- first opened -----------------------------------------------------------------------------


@pytest.fixture
def _token(monkeypatch):
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)


@pytest.mark.usefixtures("_token")
def test_the_first_opening_is_one_write_however_often_it_is_opened(organisation, person, lead):
    other = get_user_model().objects.create(username="jo")
    first = lead_opening.ask(organisation, person, lead, now=START)
    assert first.payload["changes"] == {"first_opened_at": START.isoformat()}
    for who in (person, other):
        later = START + timedelta(minutes=1)
        assert lead_opening.ask(organisation, who, lead, now=later) is None
    assert Write.objects.count() == 1


@pytest.mark.usefixtures("_token")
def test_what_was_refused_is_not_asked_for_again_at_every_look(organisation, person, lead):
    write = lead_opening.ask(organisation, person, lead, now=START)
    journal.move(write, State.REFUSED, reason=Reason.INVALID, now=START)
    assert not lead_opening.is_due(lead)
    assert lead_opening.ask(organisation, person, lead, now=START) is None


@pytest.mark.usefixtures("_token")
@pytest.mark.parametrize(
    "changed", [{"first_opened_at": START}, {"connect_id": ""}, {"archived": True}]
)
def test_nothing_is_asked_for_where_there_is_nothing_to_say(organisation, person, lead, changed):
    Lead.objects.filter(pk=lead.pk).update(**changed)
    lead.refresh_from_db()
    assert lead_opening.ask(organisation, person, lead, now=START) is None


def test_a_look_without_a_token_pauses_nobody(organisation, person, lead):
    assert lead_opening.is_due(lead)
    assert lead_opening.ask(organisation, person, lead, now=START) is None
    organisation.refresh_from_db()
    assert (organisation.paused_reason, Write.objects.count()) == ("", 0)
