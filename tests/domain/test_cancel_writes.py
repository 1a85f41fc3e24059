"""Cancelling against the running sandbox: the lead's state, the delete, and what stays with us."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, changes, doctor, gateway, needs_you, settling
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Booking, Token, Write
from bookingapp.domain.states import Outcome, Reason, State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
DELETE = {"method": "DELETE", "path": "/connect/calendar_bookings/"}


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def outcomes(write):
    return list(write.attempts.values_list("outcome", flat=True))


def test_a_cancel_keeps_everything_as_a_tombstone(world):
    booking, _ = world.booked()
    write = world.settle(world.ask_cancel(booking, reason="lead_ill", note="Grippe"))
    assert (write.state, world.standing()) == (State.DONE, [])
    booking.refresh_from_db()
    assert (booking.gone_as, booking.gone_reason) == ("cancelled", "lead_ill: Grippe")
    assert (booking.gone_by, booking.lead) == (write, world.lead)
    assert booking.gone_at is not None


def test_the_leads_state_is_set_before_the_delete(world):
    target = world.states()[0]
    world.policy(cancel_state=target)
    booking, _ = world.booked()
    assert world.settle(world.ask_cancel(booking)).state == State.DONE
    assert [call["method"] for call in world.sandbox.calls()] == ["PATCH", "DELETE"]
    assert world.known_lead().state_connect_id == target


def test_deleted_by_somebody_else_is_done(world):
    booking, _ = world.booked()
    world.sandbox.cancel(booking.connect_id)
    write = world.settle(world.ask_cancel(booking))
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.DONE])
    assert write.attempts.get().status == 404


def test_a_lost_delete_is_sent_again_and_the_404_is_its_proof(world):
    booking, _ = world.booked()
    world.sandbox.fault("reset_after_commit", times=1, match=DELETE)
    write = world.settle(world.ask_cancel(booking))
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.UNSURE, Outcome.DONE])
    assert [call["status"] for call in world.sandbox.calls("DELETE")][-1] == 404


def test_a_write_token_pauses_it_and_an_admin_token_resumes_it(world):
    target = world.states()[0]
    world.policy(cancel_state=target)
    own = world.known_lead().state_connect_id
    booking, _ = world.booked()
    world.sandbox.revoke("admin", world.organisation.name)
    Token.objects.filter(label="admin").update(rejected_at=timezone.now())
    write = world.settle(world.ask_cancel(booking))
    assert (write.state, write.reason, write.result["scope"]) == (
        State.WAITING,
        Reason.NO_TOKEN,
        "admin",
    )
    # Nothing is begun that could not be finished.
    assert (world.sandbox.calls(), world.known_lead().state_connect_id) == ([], own)
    assert list(needs_you.writes(world.staff)) == [write]
    world.sandbox.restore("admin", world.organisation.name)
    assert [one.pk for one in doctor.revive(now=timezone.now())] == [write.pk]
    assert world.settle(write).state == State.DONE
    assert world.standing() == []


def test_a_token_that_turns_out_too_narrow_names_the_scope(world):
    booking, _ = world.booked()
    Token.objects.filter(label="admin").delete()
    Token.objects.filter(label="write").update(scope="admin")
    write = world.step(world.ask_cancel(booking))
    assert (write.state, write.reason, write.result["scope"]) == (
        State.WAITING,
        Reason.SCOPE_TOO_NARROW,
        "admin",
    )
    assert len(world.standing()) == 1


def test_a_cancel_needs_a_reason_and_an_id(world):
    booking, _ = world.booked()
    with pytest.raises(Invalid):
        world.ask_cancel(booking, reason=" ")
    Booking.objects.filter(pk=booking.pk).update(connect_id="")
    with pytest.raises(Invalid):
        world.ask_cancel(booking)
    known = Booking.objects.get(pk=booking.pk)
    now = timezone.now()
    changes.identify(known, booking.connect_id, person=world.staff, now=now)
    assert world.settle(world.ask_cancel(booking)).state == State.DONE


def test_nobody_elses_booking_can_be_cancelled(world):
    booking, _ = world.booked()
    world.settle(world.ask_cancel(booking))
    with pytest.raises(changes.Gone):
        world.ask_cancel(booking)
    booking.pk = uuid.uuid4()
    with pytest.raises(changes.NoSuchBooking):
        world.ask_cancel(booking)


def test_given_up_it_stands_as_it_stood(world):
    booking, _ = world.booked()
    world.sandbox.fault("redirect", match=DELETE)
    write = world.settle(world.ask_cancel(booking))
    assert write.state == State.STUCK
    settling.give_up(write, person=world.staff, now=timezone.now())
    assert Write.objects.get(pk=write.pk).state == State.REFUSED
    assert Booking.objects.get(pk=booking.pk).gone_at is None
    assert len(world.standing()) == 1


@pytest.mark.parametrize("state", [State.DUE, State.CHECKING, State.WAITING, State.STUCK])
@pytest.mark.parametrize("step", ["lead_state", "delete"])
def test_a_late_answer_is_proof_and_the_cancel_goes_on(world, monkeypatch, state, step):
    world.policy(cancel_state=world.states()[0])
    booking, _ = world.booked()
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        changed = {"lease": None, "lease_until": None, "version": 99, "due_at": timezone.now()}
        Write.objects.filter(state=State.SENDING, step=step).update(state=state, **changed)
        return value

    write = world.ask_cancel(booking)
    monkeypatch.setattr(gateway, "send", slow)
    write = world.settle(write)
    assert (write.state, world.standing()) == (State.DONE, [])
    assert [call["method"] for call in world.sandbox.calls()] == ["PATCH", "DELETE"]
    assert Booking.objects.get(pk=booking.pk).gone_by == write
