"""Many leads moved at once: every one of them ends where the sandbox says, or somebody is told."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import (
    batch_runner,
    batches,
    bulk_moves,
    bulk_progress,
    catalogue,
    doctor,
    lead_moves,
    needs_you,
    pauses,
)
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import BulkMove, Organisation, Token, Write
from bookingapp.domain.states import State
from tests.domain.bulk_world import LEADS, BulkWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PATCH = {"method": "PATCH", "path": LEADS}
# Of each kind of fault some, and many that none meets.
MANY = 500
OPEN = {State.REFUSED, State.STUCK, State.ASKING}


@pytest.fixture
def world(sandbox, monkeypatch, settings):
    # What hangs is given up sooner.
    settings.CONNECT_READ_TIMEOUT = 3.0
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return BulkWorld(sandbox)


def test_many_with_faults_end_where_the_sandbox_says_or_with_somebody(world):
    leads, target = world.many(MANY), world.state()
    # Spread over the whole; slow machines may take long over it.
    faults = {
        "status_400": 4,
        "status_404": 4,
        "status_500": 4,
        "html_502": 2,
        "reset_before": 3,
        "reset_after_commit": 3,
        "malformed": 1,
        "hang": 1,
        "status_429": 1,
    }
    for number, (kind, times) in enumerate(faults.items()):
        world.sandbox.fault(kind, times=times, after=5 + number, match=PATCH, probability=0.04)
    bulk = world.bulk(leads, target)
    progress = world.work(bulk, seconds=600)
    assert progress.total == MANY
    assert progress.done + progress.refused + progress.waiting_for_person == MANY
    told, items = world.told(), {row.lead_id: row.write for row in bulk_progress.troubled(bulk)}
    for lead in leads.select_related(None):
        assert lead.state_connect_id == lead.board_state == told[lead.connect_id] or (
            lead.pk in items
        )
        assert (told[lead.connect_id] == target) or items[lead.pk].state in OPEN
    assert {write.pk for write in items.values()} <= set(
        needs_you.writes(world.staff).values_list("pk", flat=True)
    )
    assert progress.done < MANY, "no fault met a lead"


def test_undone_in_its_window_nothing_is_sent(world):
    leads, target = world.many(3), world.state()
    bulk = world.bulk(leads, target, hold_seconds=8)
    assert (world.push(bulk).opened, batches.due(BulkMove, now=timezone.now())) == ([], [])
    assert bulk_moves.undo(bulk, world.staff, now=timezone.now())
    assert world.push(bulk, after=9).opened == []
    assert (world.patches(), Write.objects.filter(kind="move_lead").count()) == ([], 0)
    assert not bulk_moves.undo(bulk, world.staff, now=timezone.now())


def test_what_has_begun_cannot_be_undone(world):
    bulk = world.bulk(world.many(2), world.state())
    world.push(bulk)
    assert not bulk_moves.undo(bulk, world.staff, now=timezone.now())
    assert world.work(bulk).done == 2


def test_a_hand_that_dies_in_the_middle_leaves_no_lead_out_and_moves_none_twice(world, monkeypatch):
    leads, target = world.many(5), world.state()
    bulk = world.bulk(leads, target)
    begin, begun = bulk_moves._begin, []

    def die_at_the_third(*asked, **more):
        begun.append(asked)
        if len(begun) == 3:
            raise KeyboardInterrupt
        begin(*asked, **more)

    with monkeypatch.context() as patched:
        patched.setattr(bulk_moves, "_begin", die_at_the_third)
        # A killed process runs no cleanup: the lease stays.
        patched.setattr(batches, "let_go", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            world.push(bulk)
    assert world.push(bulk).opened == [], "the dead hand's lease still holds"
    assert world.push(bulk, after=31).opened != []
    assert world.work(bulk).done == 5
    assert len(world.patches()) == 5
    assert {world.told()[lead.connect_id] for lead in leads} == {target}


def test_stopped_it_begins_no_more_and_resumed_it_goes_on(world):
    leads, target = world.many(batches.AT_ONCE + 4), world.state()
    bulk = world.bulk(leads, target)
    assert len(world.push(bulk).opened) == batches.AT_ONCE
    batches.stop(bulk, world.staff, now=timezone.now())
    for pk in Write.objects.values_list("pk", flat=True):
        world.settle(Write.objects.get(pk=pk))
    assert world.push(bulk).opened == []
    stopped = bulk_progress.progress(bulk)
    assert (stopped.done, stopped.ahead) == (batches.AT_ONCE, 4)
    batches.go_on(bulk, world.staff, now=timezone.now())
    assert world.work(bulk).done == batches.AT_ONCE + 4


def test_what_a_stop_left_can_be_given_up_for_good(world):
    bulk = world.bulk(world.many(2), world.state())
    assert batches.give_up(bulk, world.staff, now=timezone.now()).ended_at is None, "not stopped"
    batches.stop(bulk, world.staff, now=timezone.now())
    assert batches.give_up(bulk, world.staff, now=timezone.now()).ended_at is not None
    assert batches.go_on(bulk, world.staff, now=timezone.now()).stopped_at is not None
    assert (world.push(bulk).opened, world.patches()) == ([], [])


def test_two_tabs_with_the_same_form_are_one_bulk_move(world):
    leads, target, intent = world.many(2), world.state(), uuid.uuid4()
    first = world.bulk(leads, target, intent=intent)
    assert world.bulk(leads, target, intent=intent, expected=99) == first
    assert first.rows.count() == 2
    world.work(first)
    assert len(world.patches()) == 2


def test_without_a_token_it_pauses_and_goes_on_by_itself(world):
    leads, target = world.many(batches.AT_ONCE + 2), world.state()
    bulk = world.bulk(leads, target)
    known = Token.objects.exclude(label="read")
    known.update(rejected_at=timezone.now())
    for pk in world.push(bulk).opened:
        world.step(Write.objects.get(pk=pk))
    assert Organisation.objects.get(pk=world.organisation.pk).paused_reason
    assert (world.push(bulk).opened, world.patches()) == ([], [])
    known.update(rejected_at=None)
    doctor.resume_if_possible(world.organisation, now=timezone.now())
    assert world.work(bulk).done == batches.AT_ONCE + 2


def test_a_token_missing_for_something_else_does_not_hold_it_up(world):
    bulk = world.bulk(world.many(1), world.state())
    Token.objects.filter(label="admin").delete()
    pauses.pause(world.organisation, reason="no_token", scope="admin", now=timezone.now())
    assert len(world.push(bulk).opened) == 1


def test_bookings_get_between(world):
    bulk = world.bulk(world.many(batches.AT_ONCE + 3), world.state())
    world.push(bulk)
    assert world.push(bulk).opened == [], "nothing more while as many are on their way"
    booking = world.step(world.ask())
    assert booking.state == State.DONE
    assert bulk_progress.progress(bulk).done == 0


def test_leads_that_fail_for_long_hold_up_no_others(world):
    leads = world.many(batches.AT_ONCE * 2)
    stubborn = leads.order_by("pk")[: batches.AT_ONCE]
    for lead in stubborn:
        path = f"{LEADS}{lead.connect_id}"
        world.sandbox.fault("status_500", match={"method": "PATCH", "path": path})
    bulk = world.bulk(leads, world.state())
    for _ in range(12):
        for pk in world.push(bulk).opened:
            world.step(Write.objects.get(pk=pk))
    assert bulk_progress.progress(bulk).done == batches.AT_ONCE


def test_where_the_number_is_not_the_one_told_nothing_begins(world):
    leads, target = world.many(bulk_moves.TYPED_FROM), world.state()
    with pytest.raises(Invalid) as changed:
        world.bulk(leads, target, expected=bulk_moves.TYPED_FROM - 1)
    assert changed.value.fields == {"leads": "changed"}
    for typed in (None, bulk_moves.TYPED_FROM + 1):
        with pytest.raises(Invalid) as wrong:
            world.bulk(leads, target, typed=typed)
        assert wrong.value.fields == {"typed": "wrong"}
    with pytest.raises(Invalid):
        world.bulk(leads, "no-such-state")
    with pytest.raises(Invalid):
        world.bulk(leads.none(), target)
    assert not BulkMove.objects.exists()


def test_a_lead_on_its_way_elsewhere_is_brought_back(world):
    leads, here = world.many(1), world.known_lead().state_connect_id
    lead = leads.get()
    held = lead_moves.ask(
        world.organisation,
        world.staff,
        lead,
        world.state(),
        intent=uuid.uuid4(),
        now=timezone.now(),
        hold_seconds=60,
    )
    bulk = world.bulk(leads, here)
    progress = world.work(bulk)
    assert (progress.there, Write.objects.get(pk=held.pk).state) == (1, State.UNDONE)
    assert (leads.get().board_state, world.patches()) == (here, [])


def test_of_many_wakings_one_goes_on(world):
    bulk = world.bulk(world.many(1), world.state())
    now = timezone.now()
    turns = [batch_runner.turn("bulk_move", bulk.pk, now=now) for _ in range(3)]
    assert turns == [True, False, False]
    assert batch_runner.turn("bulk_move", bulk.pk, now=now + batches.SOON)
    assert batch_runner.due(now=now) == []


def test_a_broken_row_is_told_and_holds_up_no_other(world, monkeypatch):
    leads = world.many(2)
    bulk, ask = world.bulk(leads, world.state()), bulk_moves._ask
    broken = bulk.rows.first().lead_id

    def sometimes(bulk, lead, *, now):
        if lead.pk == broken:
            raise RuntimeError
        return ask(bulk, lead, now=now)

    monkeypatch.setattr(bulk_moves, "_ask", sometimes)
    progress = world.work(bulk)
    assert (progress.done, progress.unusable) == (1, 1)
    assert [row.problem for row in bulk_progress.troubled(bulk)] == ["broken"]
