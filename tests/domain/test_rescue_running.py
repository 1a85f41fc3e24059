"""A rescue against the running sandbox: run, stopped, resumed, and what may go wrong between."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, settling
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Preference, RescueRow, Write
from bookingapp.domain.rescue import answering, cancels, listing, proposing, rows
from bookingapp.domain.slots import SlotRef
from bookingapp.domain.states import Reason
from tests.domain.rescue_world import RescueWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
POST = {"method": "POST", "path": "/connect/calendar_bookings/"}


@pytest.fixture
def make_world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return lambda number: RescueWorld(sandbox, number)


def changing_calls(world):
    return [call for call in world.sandbox.calls() if call["method"] != "GET"]


def test_everybody_who_agreed_is_moved_onto_a_seat_of_their_own(make_world):
    world = make_world(8)
    rescue = world.agreed()
    ran = world.run(rescue)
    assert (len(ran.opened), ran.ask_again, ran.failed) == (8, 0, 0)
    world.work(rescue)
    assert world.standings(rescue) == ["moved"] * 8
    for row in world.rows(rescue):
        made = world.made_for(row)
        assert [one["resourceId"] != world.ill.connect_id for one in made] == [True]
        assert row.booking.moved_to.connect_id == made[0]["id"]
    assert world.sandbox.judge() == {"overbooked": [], "duplicates": []}


def test_only_agreed_rows_are_asked_for_and_each_once(make_world):
    world = make_world(3)
    rescue = world.begin()
    first, second, _ = world.rows(rescue)
    answering.answer(first, "agreed", now=timezone.now())
    answering.answer(second, "not_reached", now=timezone.now())
    assert len(world.run(rescue).opened) == 1
    assert world.run(rescue).opened == []
    assert Write.objects.filter(kind="reschedule").count() == 1
    assert world.standings(rescue) == ["moving", "open", "open"]


def test_stop_undoes_what_nobody_began_and_resuming_asks_for_it_again(make_world):
    world = make_world(4)
    rescue = world.agreed()
    world.run(rescue)
    begun, *_ = world.writes(rescue)
    # One step of two: the new time is taken, the old one stands still, and the write is due again.
    assert world.step(begun).state == "due"
    world.stop(rescue)
    assert sorted(world.standings(rescue)) == ["moving", "stopped", "stopped", "stopped"]
    assert world.settle(begun).state == "done"
    undone = Write.objects.filter(state="undone")
    assert {write.reason for write in undone} == {Reason.CHANGED_MIND}
    assert not any(write.attempts.exists() for write in undone)
    assert len(world.run(rescue).opened) == 3
    world.work(rescue)
    assert world.standings(rescue) == ["moved"] * 4
    assert world.sandbox.judge() == {"overbooked": [], "duplicates": []}


def test_what_was_opened_by_a_process_that_died_is_found_and_stopped(make_world):
    world = make_world(2)
    rescue = world.agreed()
    world.run(rescue)
    RescueRow.objects.filter(rescue=rescue).update(write=None)
    world.stop(rescue)
    assert world.standings(rescue) == ["stopped", "stopped"]
    assert changing_calls(world) == []


def test_an_agreed_slot_that_is_gone_is_asked_about_again(make_world):
    world = make_world(1)
    rescue = world.agreed()
    row = world.rows(rescue)[0]
    before = rows.slot_of(row)
    kind = world.snapshot.type(row.booking.appointment_type_id)
    # Every resource at that time, so that only another time is left.
    offers = [s for _, k, s in world.offers() if k == kind and s.starts_at == before.starts_at]
    for slot in offers:
        if slot.resource_id != world.ill.connect_id:
            world.take(slot, kind)
    ran = world.run(rescue)
    assert (ran.opened, ran.ask_again) == ([], 1)
    fresh = world.rows(rescue)[0]
    assert fresh.answer == ""
    assert rows.slot_of(fresh).starts_at != before.starts_at


def somebody_else(world, rescue, row):
    """Whether a resource that nobody was promised could take the row's type at the row's time."""
    at = rows.slot_of(row).starts_at
    kind = world.snapshot.type(row.booking.appointment_type_id)
    promised = [rows.slot_of(one) for one in world.rows(rescue)]
    not_free = {slot.resource_id for slot in promised if slot.starts_at == at}
    not_free.add(world.ill.connect_id)
    here = [slot for _, one, slot in world.offers() if (one, slot.starts_at) == (kind, at)]
    return any(slot.resource_id not in not_free for slot in here)


def test_the_same_time_with_somebody_else_needs_no_second_call(make_world):
    world = make_world(6)
    rescue = world.begin()
    row = next(row for row in world.rows(rescue) if somebody_else(world, rescue, row))
    rescue.rows.filter(pk=row.pk).update(answer=RescueRow.Answer.AGREED)
    before = rows.slot_of(row)
    kind = world.snapshot.type(row.booking.appointment_type_id)
    world.take(before, kind)
    assert len(world.run(rescue).opened) == 1
    world.work(rescue)
    [moved] = [one for one in world.rows(rescue) if one.pk == row.pk]
    after = rows.slot_of(moved)
    assert world.standings(rescue).count("moved") == 1
    assert after.starts_at == before.starts_at
    assert after.resource_id != before.resource_id


def test_a_slot_stolen_on_the_way_asks_and_a_choice_settles_it(make_world):
    world = make_world(1)
    rescue = world.agreed()
    world.sandbox.fault("steal_slot", times=1, match=POST)
    world.run(rescue)
    world.work(rescue)
    assert world.standings(rescue) == ["asking"]
    write = world.rows(rescue)[0].write
    offered = next(
        one for one in settling.alternatives(write) if one.resource_id != world.ill.connect_id
    )
    resource = world.snapshot.resource_by_connect_id(offered.resource_id)
    ref = SlotRef(offered.starts_at, resource.pk)
    settling.choose(write, ref=ref, person=world.staff, now=timezone.now())
    world.work(rescue)
    assert world.standings(rescue) == ["moved"]


def test_what_was_put_back_is_the_same_row_and_can_be_moved_again(make_world):
    world = make_world(1)
    world.organisation.settings = {"reschedule_order": "delete_first"}
    world.organisation.save()
    rescue = world.agreed()
    world.sandbox.fault("steal_slot", times=1, match=POST)
    world.run(rescue)
    world.work(rescue)
    assert world.standings(rescue) == ["refused"]
    row = world.rows(rescue)[0]
    assert row.booking.gone_at is None
    assert listing.add_rows(rescue, now=timezone.now()) == 0
    proposing.propose_again(rescue, row, now=timezone.now())
    answering.answer(world.rows(rescue)[0], "agreed", now=timezone.now())
    assert len(world.run(rescue).opened) == 1
    world.work(rescue)
    assert world.standings(rescue) == ["moved"]
    assert len(world.made_for(world.rows(rescue)[0])) == 1


def test_what_another_rescue_promised_is_not_promised_twice(make_world):
    world = make_world(1)
    row = world.rows(world.agreed())[0]
    promised = rows.slot_of(row)
    world.take(promised, world.snapshot.type(row.booking.appointment_type_id), leave=1)
    offered = rows.slot_of(world.rows(world.begin())[0])
    assert (offered.resource_id, offered.starts_at) != (promised.resource_id, promised.starts_at)


def test_a_seat_that_another_row_was_promised_cannot_be_chosen(make_world):
    world = make_world(3)
    rescue = world.begin()
    every = world.rows(rescue)
    kinds = [row.booking.appointment_type_id for row in every]
    first, second = [row for row in every if kinds.count(row.booking.appointment_type_id) > 1][:2]
    promised = rows.slot_of(first)
    world.take(promised, world.snapshot.type(first.booking.appointment_type_id), leave=1)
    resource = world.snapshot.resource_by_connect_id(promised.resource_id)
    ref = SlotRef(promised.starts_at, resource.pk)
    with pytest.raises(SlotGone):
        proposing.choose(rescue, second, ref, now=timezone.now())
    RescueRow.objects.filter(pk=first.pk).update(slot={})
    proposing.choose(rescue, second, ref, now=timezone.now())
    assert rows.slot_of(second).starts_at == promised.starts_at


def test_cancels_are_held_and_stopping_undoes_them_with_no_call(make_world):
    world = make_world(3)
    Preference.objects.update_or_create(person=world.staff, defaults={"undo_seconds": 60})
    rescue = world.begin()
    done = cancel(world, rescue)
    assert (len(done.opened), done.hold_seconds, done.failed) == (3, 60, 0)
    assert world.standings(rescue) == ["held"] * 3
    world.stop(rescue)
    assert world.standings(rescue) == ["stopped"] * 3
    assert changing_calls(world) == []
    cancel(world, rescue)
    world.work(rescue)
    assert world.standings(rescue) == ["cancelled"] * 3
    reasons = {row.booking.gone_reason for row in world.rows(rescue)}
    assert len(reasons) == 1
    assert "we_cannot" in reasons.pop()


def cancel(world, rescue, *, role="staff", typed=None, intent=None, reason="we_cannot"):
    asked = cancels.Asked(intent or uuid.uuid4(), reason, typed=typed)
    chosen = cancels.cancellable(world.rows(rescue), now=timezone.now())
    membership = world.membership(role)
    return cancels.cancel(rescue, membership, world.staff, chosen, asked, now=timezone.now())


def test_only_managers_cancel_many_and_a_day_wants_its_number_typed(make_world):
    world = make_world(cancels.TYPED_FROM)
    rescue = world.begin()
    with pytest.raises(cancels.TooMany):
        cancel(world, rescue, typed=cancels.TYPED_FROM)
    with pytest.raises(Invalid, match="typed"):
        cancel(world, rescue, role="manager")
    with pytest.raises(Invalid, match="reason"):
        cancel(world, rescue, role="manager", typed=cancels.TYPED_FROM, reason=" ")
    assert not Write.objects.filter(kind="cancel").exists()
    done = cancel(world, rescue, role="manager", typed=cancels.TYPED_FROM)
    assert len(done.opened) == cancels.TYPED_FROM
