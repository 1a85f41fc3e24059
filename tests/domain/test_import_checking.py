"""Imports before they run: uploading, the remembered mapping, the dry run."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import checking, progress, uploading
from bookingapp.domain.models import ImportRow, Write
from tests.domain.import_files import HEAD, csv_file, people
from tests.domain.import_world import ImportPlace

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return ImportPlace()


def test_the_same_intent_is_one_import(world):
    intent = uuid.uuid4()
    first = world.upload(csv_file(*people(3)), intent=intent)
    assert world.upload(csv_file(*people(3)), intent=intent) == first
    assert ImportRow.objects.count() == 3


def test_folders_and_controls_in_a_file_name_go(world):
    assert (
        world.upload(csv_file(*people(1)), name="C:\\Kim\\my\x00 leads.csv").file_name
        == "my leads.csv"
    )


def test_a_pool_is_needed(world):
    upload = uploading.Upload(uuid.uuid4(), 0, "x.csv", csv_file(*people(1)))
    with pytest.raises(Invalid) as error:
        uploading.begin(world.organisation, world.staff, upload, now=timezone.now())
    assert error.value.fields == {"pool": "required"}


def test_the_mapping_of_the_same_headers_is_remembered(world):
    world.checked(*people(1), columns={"0": "last_name", "1": "phone"}, same="create")
    world.upload(csv_file(*people(1)))
    plan, how = uploading.suggested(world.upload(csv_file(*people(1))))
    assert (plan.columns, plan.same, how) == ({"0": "last_name", "1": "phone"}, "create", "create")


def test_a_file_with_ids_is_taken_over_unless_told(world):
    plan, how = uploading.suggested(world.upload(csv_file(("1", "Anna"), head=("id", "name"))))
    assert (plan.columns, how) == ({"0": "connect_id", "1": "name"}, "adopt")


def test_the_dry_run_says_what_would_become_of_each_row(world):
    known = world.lead
    batch = world.checked(
        ("Vera", "0171 5000001", ""),
        ("Vera again", "+49 (171) 500 00 01", ""),
        ("Somebody", known.phone, ""),
        ("", "0171 5000002", ""),
        ("Wanda", "", "WANDA@example.com"),
        ("Wanda", "", "wanda@example.com"),
        ("Too", "0171 5000003", "", "many"),
    )
    rows = {row.number: row for row in batch.rows.all()}
    assert world.results(batch) == {
        1: "new", 2: "known", 3: "known", 4: "wrong", 5: "new", 6: "known", 7: "wrong",
    }  # fmt: skip
    assert rows[2].problem == {"same": "twice", "row": "1"}
    assert (rows[3].problem, rows[3].lead) == ({"same": "here"}, known)
    assert rows[4].problem == {"name": "required"}
    assert rows[7].problem == {"row": "too_many_cells"}
    assert progress.events_ahead(batch) == 4
    assert Write.objects.count() == 0


def test_whoever_is_here_already_can_be_created_all_the_same(world):
    known = world.lead
    batch = world.checked(
        ("Same", known.phone, ""), ("A", "0171 5000001", ""), ("B", "0171 5000001", ""),
        same="create",
    )  # fmt: skip
    assert world.results(batch) == {1: "new", 2: "new", 3: "new"}
    assert [row.problem.get("same") for row in batch.rows.all()] == ["here", None, "twice"]


def test_the_dry_run_can_be_repeated_until_it_runs(world):
    batch = world.checked(*people(2), columns={"0": "name", "2": "email"})
    plan = uploading.suggested(batch)[0]
    checking.check(batch, plan, "create", person=world.staff, now=timezone.now())
    assert world.start(batch)
    with pytest.raises(checking.Begun):
        checking.check(batch, plan, "create", person=world.staff, now=timezone.now())


def test_a_pool_without_a_default_state_takes_no_new_lead(world):
    world.pool.pool_states.update(default=False)
    world.changed()
    with pytest.raises(Invalid) as error:
        world.checked(*people(1))
    assert error.value.fields == {"pool": "no_default_state"}


def test_a_name_that_two_types_have_means_neither(world):
    first, second = world.types
    world.organisation.appointmenttype_set.filter(pk=second.pk).update(name=first.name)
    world.changed()
    rows = [(*people(1)[0], first.name), (*people(1, first=1)[0], first.connect_id)]
    batch = world.checked(*rows, head=(*HEAD, "Terminart"))
    assert [row.problem for row in batch.rows.all()] == [{"interest": "unknown"}, {}]


def test_events_are_to_be_typed_from_25_up_and_the_rows_are_those_told_of(world):
    batch = world.checked(*people(13))
    for told in ({"typed": None}, {"typed": 13}, {"expected": 12}):
        with pytest.raises(Invalid) as error:
            world.start(batch, **told)
        assert list(error.value.fields) == (["rows"] if "expected" in told else ["typed"])
    few = world.checked(*people(12))
    assert world.start(few, typed=None)
    assert not world.start(few), "it runs once"
    with pytest.raises(Invalid):
        world.start(world.upload(csv_file(*people(1))))
