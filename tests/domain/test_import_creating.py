"""Creating the leads of a file at Connect: each row one write, no twin whatever happens."""

import logging

import pytest
from django.utils import timezone

from bookingapp.domain import batches, lead_creation
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import creating, progress, running
from bookingapp.domain.imports.progress import Standing
from bookingapp.domain.models import AuditEvent, ImportRow, Lead, LeadImport
from tests.domain.import_files import people
from tests.domain.import_world import ImportWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(sandbox, db):
    return ImportWorld(sandbox)


def test_each_row_becomes_one_lead_at_connect(world):
    kind = world.snapshot.types[0]
    targets = ("first_name", "last_name", "phone", "interest", "data:woher")
    head = ("Vorname", "Nachname", "Telefon", "Terminart", "Woher")
    batch = world.checked(
        ("Vera", "Nr1", "0171 5000001", kind.name, "Messe"),
        ("Vera", "Nr2", "0171 5000002", "", ""),
        head=head,
        columns=dict(zip("01234", targets, strict=True)),
    )
    assert world.start(batch)
    batch = world.work_off(batch)
    assert world.counts(batch) == {"created": 2}
    made = {one["data"]["name"]: one for one in world.at_connect("Vera")}
    assert sorted(made) == ["Vera Nr1", "Vera Nr2"]
    first = made["Vera Nr1"]["data"]
    assert (first["firstName"], first["lastName"], first["woher"]) == ("Vera", "Nr1", "Messe")
    assert "woher" not in made["Vera Nr2"]["data"]
    lead = batch.rows.get(number=1).lead
    assert (lead.connect_id, lead.interested_in_connect_id) == (
        made["Vera Nr1"]["id"],
        kind.connect_id,
    )
    assert lead.created_by == world.staff


def test_whoever_came_in_since_the_dry_run_is_not_created_twice(world):
    batch, other = world.checked(*people(3)), world.checked(*people(3))
    for one in (batch, other):
        world.start(one)
    batch, other = world.work_off(batch), world.work_off(other)
    assert (world.counts(batch), world.counts(other)) == ({"created": 3}, {"known": 3})
    assert len(world.at_connect("Vera")) == 3


def test_an_answer_that_is_lost_is_an_open_item_and_no_second_lead(world):
    world.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    batch = world.checked(*people(3))
    world.start(batch)
    batch = world.work_off(batch)
    assert world.counts(batch) == {"created": 2, "needs_person": 1}
    assert len(world.at_connect("Vera")) == 3
    assert [row.number for row in progress.rows_that(batch, Standing.NEEDS_PERSON)] == [1]


def test_a_refusal_stays_at_its_row(world):
    batch = world.checked(*people(2))
    world.sandbox.fault("status_400", times=1, match={"method": "POST"})
    world.start(batch)
    batch = world.work_off(batch)
    assert world.counts(batch) == {"refused": 1, "created": 1}
    assert batch.rows.get(number=1).lead.never_created


def test_a_fault_of_ours_at_one_row_holds_up_no_other_and_says_nothing_of_the_lead(
    world, monkeypatch, caplog
):
    ask = lead_creation.ask

    def fails_once(organisation, person, new, **more):
        if new.contact.name == "Vera Nr0":
            raise RuntimeError(new.contact.name)
        return ask(organisation, person, new, **more)

    monkeypatch.setattr(creating.lead_creation, "ask", fails_once)
    batch = world.checked(*people(2))
    world.start(batch)
    with caplog.at_level(logging.DEBUG):
        batch = world.work_off(batch)
    assert world.counts(batch) == {"wrong": 1, "created": 1}
    assert "RuntimeError" in str([vars(record) for record in caplog.records])
    assert "Vera" not in str([vars(record) for record in caplog.records])


def test_it_stops_and_goes_on(world):
    batch = world.checked(*people(batches.AT_ONCE + 2))
    world.start(batch)
    world.push(batch)
    now = timezone.now()
    batch = batches.stop(batch, world.staff, now=now)
    assert world.push(batch, after=60).opened == []
    assert world.counts(batch)["ahead"] == 2
    batch = batches.go_on(batch, world.staff, now=now)
    assert world.counts(world.work_off(batch)) == {"created": batches.AT_ONCE + 2}
    assert len(world.at_connect("Vera")) == batches.AT_ONCE + 2


def test_taking_over_settles_a_creation_whose_answer_was_lost(world):
    """Connect's own export carries our key."""
    world.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    batch = world.checked(*people(1))
    world.start(batch)
    batch = world.work_off(batch)
    lost = batch.rows.get().lead
    there = world.at_connect("Vera")[0]
    export = world.checked(
        (there["id"], "Vera Nr0", there["data"]["bookingDeskKey"]),
        head=("id", "name", "bookingDeskKey"),
        columns={"0": "connect_id", "1": "name", "2": "data:bookingDeskKey"},
        how="adopt",
    )
    world.start(export)
    world.work_off(export)
    assert Lead.objects.get(connect_id=there["id"]) == lost


def test_deleting_leaves_the_leads_and_nothing_of_the_file(world):
    batch = world.checked(*people(2))
    world.start(batch)
    with pytest.raises(Invalid):
        running.delete(batch, world.staff, now=timezone.now())
    batch = world.work_off(batch)
    running.delete(batch, world.staff, now=timezone.now())
    running.delete(batch, world.staff, now=timezone.now())
    assert (LeadImport.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert sum(lead.name.startswith("Vera") for lead in Lead.objects.all()) == 2
    told = str(list(AuditEvent.objects.filter(action__startswith="leadimport").values("details")))
    assert "Vera" not in told
    assert "example.com" not in told


def test_a_hostile_file_is_only_text(world):
    hostile = [
        ("<script>alert(1)</script>", "0171 5000001", ""),
        ("=HYPERLINK(\"http://x\")", "0171 5000002", ""),
        ("\u202eanna\u202c 👩‍👩‍👧", "0171 5000003", ""),
        ("x" * 10_000, "0171 5000004", ""),
        ('{"$ne": null}', "0171 5000005", ""),
        ("'; DROP TABLE domain_lead; --", "0171 5000006", ""),
    ]  # fmt: skip
    batch = world.checked(*hostile)
    world.start(batch)
    batch = world.work_off(batch)
    assert world.counts(batch) == {"created": 5, "wrong": 1}
    names = {one.name for one in Lead.objects.all() if one.phone.startswith("0171 50")}
    assert names == {name for name, *_ in hostile if len(name) < 300}


def test_each_standing_finds_the_rows_it_counts(world):
    world.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    known = world.known_lead()
    batch = world.checked(*people(2), ("", "0171 2", ""), ("Same", known.phone, ""))
    world.start(batch)
    batch = world.work_off(batch)
    counts = progress.progress_of(batch).counts
    found = {one: len(progress.rows_that(batch, one)) for one in Standing}
    assert found == counts
    assert sum(found.values()) == progress.progress_of(batch).settled == 4
    assert progress.rows_that(batch, None).count() == 4
