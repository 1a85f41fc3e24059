"""Taking over leads that Connect has already, and pushing on without Connect."""

import pytest
from django.utils import timezone

from bookingapp.domain import batches, lead_mirror, pauses
from bookingapp.domain.imports import creating, progress, running
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.states import Reason
from bookingapp.tasks import batches as alarm
from tests.domain.import_files import HEAD, people
from tests.domain.import_world import ImportPlace

pytestmark = pytest.mark.django_db

ADOPT = ("Lead ID", "Name", "Telefon", "Status", "Wiedervorlage", "Erstellt am", "Notiz")


@pytest.fixture
def world(db):
    return ImportPlace()


def state_of(world):
    return world.snapshot.pool(world.pool.pk).states[0]


def test_leads_that_connect_has_are_taken_over_without_a_call(world):
    state = world.state
    row = (
        "le-1",
        "Ünal Vera",
        "0171 5000001",
        state.name,
        "24.12.2026",
        "2026-01-02T03:04:05Z",
        "x",
    )
    batch = world.checked(row, head=ADOPT)
    assert progress.events_ahead(batch) == 0
    assert world.start(batch, typed=None)
    batch = world.work_off(batch)
    assert world.counts(batch) == {"adopted": 1}
    lead = Lead.objects.get(connect_id="le-1")
    assert (lead.name, lead.phone, lead.pool) == ("Ünal Vera", "0171 5000001", world.pool)
    assert lead.state_connect_id == lead.board_state == state.connect_id
    assert lead.created_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert lead.follow_up_at is not None


def test_what_is_taken_over_is_what_the_mirror_makes_of_one_lead(world):
    """Field by field and word by word the same as when Connect tells of it."""
    state = world.state
    batch = world.checked(("le-1", "Ünal Vera", "0171 5000001", state.name, "", "", ""), head=ADOPT)
    world.start(batch)
    world.work_off(batch)
    told = {
        "id": "le-2",
        "tableId": world.pool.connect_id,
        "leadStateId": state.connect_id,
        "data": {"Name": "Ünal Vera", "Telefon": "0171 5000001"},
    }
    lead_mirror.adopt(world.organisation, told, now=timezone.now())
    rows = [Lead.objects.get(connect_id=pk) for pk in ("le-1", "le-2")]
    own = {"id", "connect_id", "created_at", "known_at"}
    fields = [field.attname for field in Lead._meta.fields if field.attname not in own]
    assert [getattr(rows[0], name) for name in fields] == [
        getattr(rows[1], name) for name in fields
    ]
    words = [
        sorted(bytes(word) for word in row.terms.values_list("term", flat=True)) for row in rows
    ]
    assert words[0] == words[1]
    assert rows[0].events.get().details == rows[1].events.get().details


def test_a_lead_that_is_here_stays_as_it_is(world):
    known = world.lead
    batch = world.checked((known.connect_id, "Other Name"), ("le-9", "New"), ("le-9", "Newer"),
                          head=("id", "name"))  # fmt: skip
    assert world.results(batch) == {1: "known", 2: "new", 3: "known"}
    world.start(batch)
    world.work_off(batch)
    assert Lead.objects.get(pk=known.pk).name == known.name
    assert Lead.objects.get(connect_id="le-9").name == "New"


def test_an_id_that_came_in_since_the_dry_run_makes_no_twin(world):
    batch = world.checked(("le-1", "Anna"), ("le-2", "Ben"), head=("id", "name"))
    lead_mirror.adopt(
        world.organisation, {"id": "le-1", "data": {"name": "Hook"}}, now=timezone.now()
    )
    world.start(batch)
    assert world.counts(world.work_off(batch)) == {"known": 1, "adopted": 1}
    assert Lead.objects.get(connect_id="le-1").name == "Hook"


def test_many_are_taken_over_in_chunks_and_stopping_holds(world):
    rows = [(f"le-{n}", f"Vera {n}") for n in range(1, 2601)]
    batch = world.checked(*rows, head=("id", "name"))
    world.start(batch)
    pushed = world.push(batch)
    assert pushed.more
    assert world.counts(batch) == {"adopted": 2000, "ahead": 600}
    batches.stop(batch, world.staff, now=timezone.now())
    world.push(batch, after=60)
    assert world.counts(batch)["ahead"] == 600


def test_only_a_few_are_on_their_way_at_a_time(world):
    batch = world.checked(*people(batches.AT_ONCE + 5))
    world.start(batch)
    pushed = world.push(batch)
    assert (len(pushed.opened), pushed.more) == (batches.AT_ONCE, True)
    assert world.push(batch, after=2).opened == []


def test_the_alarm_clock_goes_on_with_it(world, monkeypatch):
    woken = []
    monkeypatch.setattr(alarm, "wake_write", woken.append)
    batch = world.checked(*people(2))
    world.start(batch)
    alarm.push_batch("lead_import", str(batch.pk))
    assert len(woken) == 2


def test_two_hands_on_one_row_ask_once(world):
    batch = world.checked(*people(1))
    world.start(batch)
    row = batch.rows.get()
    known = world.push(batch).opened
    creating._begin(batch, row, creating.understanding.known_of(world.organisation, world.pool),
                    pushed := batches.Pushed(), now=timezone.now())  # fmt: skip
    assert (len(known), pushed.opened, Write.objects.count()) == (1, [], 1)


def test_a_type_that_went_since_the_dry_run_is_told_at_the_row(world):
    kind = world.types[0]
    batch = world.checked((*people(1)[0], kind.name), head=(*HEAD, "Terminart"))
    world.organisation.appointmenttype_set.update(gone_at=timezone.now())
    world.changed()
    world.start(batch)
    batch = world.work_off(batch)
    assert batch.rows.get().problem == {"interest": "unknown"}


def test_a_paused_organisation_pauses_it(world):
    batch = world.checked(*people(2))
    world.start(batch)
    world.organisation.tokens.all().delete()
    now = timezone.now()
    pauses.pause(world.organisation, reason=Reason.NO_TOKEN, scope="write", now=now)
    assert running.is_paused(running.find(world.organisation, batch.pk))
    assert world.push(batch).opened == []
    assert world.results(batch) == {1: "new", 2: "new"}
