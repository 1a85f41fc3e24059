"""The undo window: undoing costs nothing, and moves within it are one write."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, lead_moves, runner, settling, undo
from bookingapp.domain.models import AuditEvent, Booking, Write
from bookingapp.domain.states import State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def move(world, to_state, *, hold_seconds=8.0, now=None):
    return lead_moves.ask(
        world.organisation,
        world.staff,
        world.known_lead(),
        to_state,
        intent=uuid.uuid4(),
        now=now or timezone.now(),
        hold_seconds=hold_seconds,
    )


def patches(world):
    return [call["body"] for call in world.sandbox.calls("PATCH", "/connect/table_entries/")]


def test_a_cancel_undone_in_its_window_makes_no_call_and_no_event(world):
    booking, _ = world.booked()
    before = len(world.sandbox.events())
    write = world.ask_cancel(booking, hold_seconds=8)
    assert world.step(write).state == State.HELD
    undo.undo(Write.objects.get(pk=write.pk), person=world.staff, now=timezone.now())
    write = world.step(write, after=60)
    assert (write.state, world.sandbox.calls()) == (State.UNDONE, [])
    assert len(world.sandbox.events()) == before
    assert len(world.standing()) == 1
    assert Booking.objects.get(pk=booking.pk).gone_at is None
    # It is as free to be changed as before.
    assert world.ask_cancel(booking).state == State.DUE


def test_a_lead_move_undone_in_its_window_makes_no_call_and_no_event(world):
    before = len(world.sandbox.events())
    write = move(world, world.states()[0])
    undo.undo(write, person=world.staff, now=timezone.now())
    world.step(write, after=60)
    assert (world.sandbox.calls(), len(world.sandbox.events())) == ([], before)


def test_the_window_is_over_once_a_worker_has_it(world):
    booking, _ = world.booked()
    write = world.ask_cancel(booking, hold_seconds=8)
    shown = Write.objects.get(pk=write.pk)
    assert world.step(write, after=8.1).state == State.DONE
    with pytest.raises(settling.AlreadySettled):
        undo.undo(shown, person=world.staff, now=timezone.now())
    assert Write.objects.get(pk=write.pk).state == State.DONE
    assert len(world.sandbox.calls("DELETE")) == 1


def test_nothing_is_lost_when_the_tab_closes(world):
    booking, _ = world.booked()
    write = world.ask_cancel(booking, hold_seconds=8)
    late = timezone.now() + timedelta(seconds=9)
    assert [nudge.write_id for nudge in runner.sweep(now=late)] == [write.pk]


def test_a_pause_stops_the_clock_and_ends_by_itself(world):
    booking, _ = world.booked()
    write = undo.pause(
        world.ask_cancel(booking, hold_seconds=8), person=world.staff, now=timezone.now()
    )
    assert world.step(write, after=20).state == State.HELD
    assert world.step(write, after=61).state == State.DONE


def test_five_moves_within_the_window_are_one_patch_with_the_last_target(world):
    first, second = world.states()
    begun = timezone.now()
    writes = [
        move(world, state, now=begun + timedelta(seconds=2 * number))
        for number, state in enumerate([first, second, first, second, first])
    ]
    assert len({write.pk for write in writes}) == 1
    assert world.step(writes[0], after=15.5).state == State.HELD
    assert world.step(writes[0], after=16.5).state == State.DONE
    assert [body["leadStateId"] for body in patches(world)] == [first]
    assert world.known_lead().state_connect_id == first
    asked = AuditEvent.objects.filter(write=writes[0]).values_list("source", "target")
    assert ("held", "sending") in asked


def test_moved_there_and_back_again_is_nothing_at_all(world):
    own = world.known_lead().state_connect_id
    write = move(world, world.states()[0])
    assert move(world, own) is None
    write = world.step(write, after=60)
    assert (write.state, patches(world)) == (State.UNDONE, [])


def test_a_move_to_where_the_lead_is_asks_for_nothing(world):
    assert move(world, world.known_lead().state_connect_id) is None
    assert not Write.objects.exists()
