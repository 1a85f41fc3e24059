"""What a review doubted of leads, and what became of each doubt."""

import time
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from bookingapp import connect
from bookingapp.domain import (
    batches,
    bulk_moves,
    catalogue,
    journal,
    lead_creation,
    lead_filter,
    lead_mirror,
    lead_moves,
    pool_board,
    pool_columns,
    safe_pattern,
    undo,
)
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.hooks import leads as told_leads
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.telling import LeadFacts
from bookingapp.domain.imports import adopting, running
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import (
    Attempt,
    BulkMove,
    BulkMoveRow,
    ImportRow,
    Lead,
    LeadImport,
    Write,
)
from bookingapp.domain.pool_board import Wanted
from bookingapp.domain.pool_columns import Asked
from bookingapp.domain.states import Reason, State
from tests.domain.hook_world import NOON, HookWorld, at, lead_event

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=20)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    found = HookWorld()
    found.organisation.catalogue_at, found.organisation.catalogue_version = NOON, 1
    found.organisation.save()
    catalogue.snapshots._kept.clear()
    return found


@pytest.fixture
def staff():
    return get_user_model().objects.create(username="kim")


def move(world, person, to_state, *, hold=8.0, now=NOON, **more):
    return lead_moves.ask(
        world.organisation,
        person,
        world.lead(),
        to_state,
        intent=uuid.uuid4(),
        now=now,
        hold_seconds=hold,
        **more,
    )


def answered(world, write, state, *, started=LATER, updated=timedelta()):
    """Connect's answer to the one call of ``write``."""
    Attempt.objects.create(write=write, number=1, started_at=NOON + started)
    told = connect.Lead(id="lead_1", lead_state_id=state, updated_at=NOON + updated)
    asked = {"lead_state_id": state}
    now = NOON + started + timedelta(seconds=1)
    return lead_mirror.take(world.lead(), told, asked=asked, source="write", write=write, now=now)


# -- the mirror --------------------------------------------------------------------------------


def test_a_time_far_in_the_future_does_not_shut_out_what_comes_after(world):
    far = "2199-01-01T00:00:00Z"
    world.tell(lead_event(state="ls_called", updatedAt=far))
    world.tell(lead_event(state="ls_won", minute=5), now=NOON + LATER)
    assert world.lead().state_connect_id == "ls_won"


def test_the_answer_to_a_call_is_newer_than_what_was_heard_before_the_call(world, staff):
    # Its flow told the moment at which it ran, some time after the lead had changed.
    late = {"event": "table.entry.leadState.changed", "at": at(4), "leadId": "lead_1"}
    world.tell(late | {"leadStateId": "ls_new"}, now=NOON + timedelta(minutes=5))
    write = move(world, staff, "ls_won")
    assert answered(world, write, "ls_won", updated=timedelta(minutes=3))
    assert world.lead().state_connect_id == "ls_won"


def test_what_was_heard_while_the_call_lasted_is_judged_by_its_time(world, staff):
    world.tell(lead_event(state="ls_new"))
    write = move(world, staff, "ls_won")
    world.tell(lead_event(state="ls_called", minute=21), now=NOON + timedelta(minutes=21))
    assert not answered(world, write, "ls_won", updated=timedelta(minutes=20))
    assert world.lead().state_connect_id == "ls_called"


def test_an_id_that_is_always_the_same_hides_no_way_back(world):
    same = {"eventId": "node-7"}
    for minute, state in enumerate(("ls_new", "ls_won", "ls_new")):
        assert world.result(lead_event(state=state, minute=minute) | same) == "applied"
    assert world.lead().state_connect_id == "ls_new"


def test_a_form_gives_no_first_state_to_a_lead_that_has_one_by_now(world):
    world.tell(lead_event(state="ls_won"))
    # As it was read before the event of that very moment was applied.
    facts = LeadFacts("lead_1", pool_id="tbl_1", state_id="ls_new")
    told_leads.hear(world.organisation, facts, source="form", now=NOON, outcome=Outcome())
    assert world.lead().state_connect_id == "ls_won"


# -- the board ---------------------------------------------------------------------------------


def test_a_lead_without_a_known_state_goes_back_where_it_was_when_its_move_is_undone(world, staff):
    lead_mirror.adopt(world.organisation, {"id": "lead_1", "tableId": "tbl_1"}, now=NOON)
    write = move(world, staff, "ls_won")
    assert world.lead().board_state == "ls_won"
    undo.undo(write, person=staff, now=NOON)
    assert world.lead().board_state == ""


def test_a_lead_of_our_own_goes_back_to_where_it_was_created(world, staff):
    new = NewLead(world.pool.pk, Contact("Zoë", "0301234567"))
    made, _ = lead_creation.ask(world.organisation, staff, new, intent=uuid.uuid4(), now=NOON)
    lead_mirror.settled(made.lead, connect_id="lead_1", now=NOON)
    Write.objects.update(state=State.DONE)
    write = move(world, staff, "ls_won")
    undo.undo(write, person=staff, now=NOON)
    assert world.lead().board_state == "ls_new"


def asked(world, **wanted):
    found = LeadFilter.of(wanted)
    return Asked(world.organisation, world.pool.pk, found, NOON, NOON + timedelta(hours=3))


def test_a_column_by_name_goes_on_after_a_name_of_signs(world):
    for number in range(3):
        lead_mirror.adopt(
            world.organisation,
            {"id": f"lead_{number}", "tableId": "tbl_1", "leadStateId": "ls_new",
             "data": {"name": "\N{GRINNING FACE}" * 100}},
            now=NOON,
        )  # fmt: skip
    look, seen, after = asked(world, sort="name"), [], ""
    for _ in range(3):
        page = pool_columns.page(look, ["ls_new"], most=1, after=after)
        seen += [lead.connect_id for lead in page.leads]
        after = page.after
    assert (sorted(seen), after) == (["lead_0", "lead_1", "lead_2"], "")


def test_a_lead_that_is_no_longer_left_out_is_shown_at_once(
    world, django_capture_on_commit_callbacks
):
    world.tell(lead_event(state="ls_won", archived=True))
    assert pool_columns.counts(asked(world)) == {}
    with django_capture_on_commit_callbacks(execute=True):
        world.tell(lead_event(state="ls_won", minute=1, archived=False))
    counts = pool_columns.counts(asked(world))
    board = pool_board.read(asked(world), [Wanted("ls_won", ("ls_won",))], counts)
    assert [lead.connect_id for lead in board.columns[0].leads] == ["lead_1"]


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 200])
def test_a_type_that_is_a_huge_number_is_nobodys(world, digits):
    world.tell(lead_event())
    found = lead_filter.matching(
        lead_filter.in_pool(world.organisation, world.pool.pk),
        LeadFilter.of({"type": digits}),
        organisation=world.organisation,
        now=NOON,
        day_ends_at=NOON,
    )
    assert list(found) == []


# -- moves -------------------------------------------------------------------------------------


def test_nobody_takes_a_lead_out_of_a_protected_state_that_it_is_on_its_way_to(world, staff):
    world.organisation.settings = {"protected_states": ["ls_won"]}
    world.organisation.save()
    world.tell(lead_event())
    boss = get_user_model().objects.create(username="boss")
    write = move(world, boss, "ls_won", may_cross=True)
    journal.move(write, State.SENDING, reason=Reason.CLAIMED, now=NOON)
    with pytest.raises(Invalid):
        move(world, staff, "ls_called")
    assert Write.objects.count() == 1


# -- batches -----------------------------------------------------------------------------------


def bulk_of(world, staff, **more):
    asked_of = {"organisation": world.organisation, "person": staff, "to_state": "ls_won"}
    bulk = BulkMove.objects.create(
        **asked_of, intent=uuid.uuid4(), asked_at=NOON, due_at=NOON, **more
    )
    row = BulkMoveRow.objects.create(bulk=bulk, lead=world.lead())
    return bulk, row


def test_all_batches_together_leave_room_for_bookings(world, staff):
    world.tell(lead_event())
    assert batches.share(world.organisation) == batches.AT_ONCE
    for _ in range(3):
        bulk_of(world, staff)
    bulk_of(world, staff, ended_at=NOON)
    assert batches.share(world.organisation) == batches.AT_ONCE // 3
    for _ in range(9):
        bulk_of(world, staff)
    assert batches.share(world.organisation) == 1


def test_a_hand_that_comes_late_begins_nothing_of_what_was_undone(world, staff, monkeypatch):
    world.tell(lead_event())
    bulk, row = bulk_of(world, staff)
    # It looked, then stood still until its lease was over and somebody had undone it.
    monkeypatch.setattr(batches, "is_stopped", lambda batch: not _undone(batch, staff))
    pushed = bulk_moves.push(bulk, now=NOON)
    row.refresh_from_db()
    assert (pushed.opened, row.begun_at, Write.objects.count()) == ([], None, 0)


def _undone(bulk, staff):
    return bulk_moves.undo(bulk, staff, now=NOON + timedelta(minutes=1))


def test_a_row_that_breaks_holds_up_no_other(world, staff, monkeypatch):
    plan = {"columns": {"0": "connect_id", "1": "name"}, "same": "skip"}
    batch = LeadImport.objects.create(
        organisation=world.organisation,
        person=staff,
        pool=world.pool,
        intent=uuid.uuid4(),
        how="adopt",
        headers=["Id", "Name"],
        mapping=plan,
        asked_at=NOON,
        due_at=NOON,
    )
    for number, name in enumerate(("Anna", "Bad", "Carl"), start=1):
        ImportRow.objects.create(batch=batch, number=number, cells=[f"lead_{number}", name])
    make = adopting._lead

    def made(frame, one, *, now):
        if one.contact.name == "Bad":
            raise ValueError("a fault of ours")
        return make(frame, one, now=now)

    monkeypatch.setattr(adopting, "_lead", made)
    for minute in range(3):
        running.push(batch, now=NOON + timedelta(minutes=minute))
    assert list(batch.rows.values_list("result", flat=True)) == ["adopted", "wrong", "adopted"]
    assert Lead.objects.count() == 2


def test_the_id_of_a_lead_that_another_write_made_is_not_this_one(world, staff):
    made = []
    for phone in ("0301234567", "0307654321"):
        new = NewLead(world.pool.pk, Contact("Zoë", phone))
        asked_for = lead_creation.ask(world.organisation, staff, new, intent=uuid.uuid4(), now=NOON)
        made.append(asked_for[0].lead)
    lead_mirror.settled(made[0], connect_id="lead_1", now=NOON)
    with pytest.raises(Invalid):
        lead_mirror.settled(made[1], connect_id="lead_1", now=NOON)
    assert Lead.objects.count() == 2


# -- what is hostile ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("((^{300}){300}){300}", "a"),
        ("(((){300}){300}){300}", "a"),
        ("(" + "|" * 280 + "){400}", "a" * 2000),
        ("[^" + "bcdefghijk" * 27 + "]{29}", "a" * 2000),
    ],
)
def test_a_pattern_that_asks_for_nothing_very_often_costs_little(pattern, text):
    started = time.process_time()
    safe_pattern.finds(pattern, text)
    assert time.process_time() - started < 1


def test_what_became_another_row_is_still_known_to_its_import(world, staff):
    new = NewLead(world.pool.pk, Contact("Zoë", "0301234567"))
    made, _ = lead_creation.ask(world.organisation, staff, new, intent=uuid.uuid4(), now=NOON)
    batch = LeadImport.objects.create(
        organisation=world.organisation, person=staff, intent=uuid.uuid4(), asked_at=NOON
    )
    row = ImportRow.objects.create(batch=batch, number=1, lead=made.lead, write=made)
    world.tell(lead_event())
    lead_mirror.settled(made.lead, connect_id="lead_1", now=NOON)
    row.refresh_from_db()
    assert row.lead == world.lead() == Lead.objects.get()
