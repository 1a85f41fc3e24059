"""What must never happen: sent twice, waiting for ever, taken from somebody else. Each of these
was found by looking for it.
"""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import (
    attempts,
    catalogue,
    doctor,
    gateway,
    journal,
    leads,
    needs_you,
    pauses,
    runner,
    settling,
)
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Booking, Lead, Organisation, Write
from bookingapp.domain.states import Outcome, Reason, State
from tests.domain.booking_world import World
from tests.domain.test_booking_writes import BOOKING_POST, LEAD_POST, anyone_offer, new_lead
from tests.support.opened import rows_with

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return World(sandbox)


def lost(world, offer=None, **more):
    """A booking whose answer was lost before Connect did anything."""
    world.sandbox.fault("reset_before", times=1, match=BOOKING_POST)
    return world.step(world.ask(offer, **more))


def take(world, slot, lead=None):
    kept = slot["slot"]["slot"]
    names = ("resourceId", "appointmentTypeId", "startDateTime", "endDateTime")
    world.sandbox.book(calendarId=slot["calendar_id"], **{name: kept[name] for name in names})


def test_a_call_that_commits_after_it_was_proven_absent_is_not_sent_elsewhere(world):
    write = lost(world, anyone_offer(world), anyone=True)
    write = world.step(write, after=settings.SETTLE_SECONDS + 2)
    assert (write.state, write.reason) == (State.DUE, Reason.PROVEN_ABSENT)
    take(world, write.payload)
    write = world.step(write, after=settings.AVAILABILITY_SOFT_AGE + 60)
    assert write.state == State.STUCK
    assert len(world.posts()) == 1


@pytest.mark.parametrize("state", [State.DUE, State.WAITING, State.STUCK])
def test_a_late_answer_is_proof_wherever_the_write_stands(world, monkeypatch, state):
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        Write.objects.filter(state=State.SENDING).update(
            state=state, lease=None, lease_until=None, version=99
        )
        return value

    write = world.ask()
    monkeypatch.setattr(gateway, "send", slow)
    write = world.step(write)
    assert (write.state, write.reason) == (State.DONE, Reason.LATE_ANSWER)
    assert Booking.objects.filter(write=write).count() == 1


def test_an_answer_after_somebody_closed_it_is_told(world, monkeypatch):
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        Write.objects.filter(state=State.SENDING).update(
            state=State.REFUSED, seen_at=timezone.now(), version=99
        )
        return value

    write = world.ask()
    monkeypatch.setattr(gateway, "send", slow)
    write = world.step(write)
    assert (write.state, write.reason) == (State.REFUSED, Reason.SECOND_ANSWER)
    assert list(needs_you.writes(world.staff)) == [write]


def test_nothing_is_sent_on_a_lease_that_is_about_to_end(world):
    call = connect.list_calendars()
    with pytest.raises(connect.NotSent):
        gateway.send(world.organisation, call, until=timezone.now())
    assert world.sandbox.calls() == []


def test_a_confirmed_write_is_never_due_again(world):
    claimed = journal.claim(world.ask().pk, now=timezone.now())
    attempt = attempts.begin_attempt(claimed, sent={}, evidence={}, now=timezone.now())
    attempts.end_attempt(attempt, Outcome.DONE, reason=Reason.NONE, now=timezone.now())
    runner.sweep(now=timezone.now() + timedelta(seconds=settings.WRITE_LEASE + 1))
    assert Write.objects.get(pk=claimed.pk).state == State.STUCK


def test_what_connect_no_longer_knows_is_refused_and_not_asked_for_ever(world, monkeypatch):
    asked_again = []
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: asked_again.append(1))
    write = world.ask()
    gone = {**write.payload, "type_id": str(uuid.uuid4())}
    Write.objects.filter(pk=write.pk).update(payload=gone)
    write = world.settle(write)
    assert (write.state, write.reason) == (State.REFUSED, Reason.VANISHED)
    assert asked_again


def test_a_reading_that_keeps_failing_goes_to_a_person(world):
    Organisation.objects.filter(pk=world.organisation.pk).update(settings={"later_limit": 2})
    write = world.ask()
    world.sandbox.fault("malformed", match={"method": "GET", "path": "/connect/availability/"})
    write = world.settle(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.GAVE_UP)
    assert world.posts() == []


def test_a_token_refused_while_reading_is_looked_after_too(world):
    names = ("read", "write", "admin")
    for label in names:
        world.sandbox.revoke(label, world.organisation.name)
    with pytest.raises(connect.TokenRejected):
        gateway.send(world.organisation, connect.list_calendars())
    assert Organisation.objects.get(pk=world.organisation.pk).paused_reason == "token_rejected"
    for label in names:
        world.sandbox.restore(label, world.organisation.name)
    doctor.revive(now=timezone.now())
    assert world.organisation.tokens.filter(rejected_at=None).count() == 3
    assert Organisation.objects.get(pk=world.organisation.pk).paused_reason == ""


def test_a_write_left_behind_by_a_resume_is_found(world):
    write = world.ask()
    journal.move(write, State.WAITING, reason=Reason.NO_TOKEN, now=timezone.now())
    assert [one.pk for one in doctor.revive(now=timezone.now())] == [write.pk]


def test_pausing_waits_for_nobody_twice(world):
    pauses.pause(world.organisation, reason=Reason.NO_TOKEN, scope="write", now=timezone.now())
    assert pauses.resume(world.organisation, now=timezone.now()) == []
    assert Organisation.objects.get(pk=world.organisation.pk).paused_reason == ""


def test_a_booking_left_waiting_for_a_lead_that_is_there_goes_on(world):
    booking = world.ask(lead=new_lead(world))
    Write.objects.filter(pk=booking.after_id).update(state=State.DONE)
    Lead.objects.filter(pk=booking.lead_id).update(connect_id=world.lead.connect_id + "x")
    woken = runner.sweep(now=timezone.now())
    assert booking.pk in [nudge.write_id for nudge in woken]


def stuck_creation(world):
    world.sandbox.fault("reset_after_commit", times=1, match=LEAD_POST)
    booking = world.ask(lead=new_lead(world))
    creation = world.settle(booking.after)
    made = next(row for row in world.sandbox.leads() if "9876543" in json.dumps(row["data"]))
    return booking, creation, made


def test_a_lead_settled_with_an_id_we_know_becomes_that_lead(world):
    booking, creation, _made = stuck_creation(world)
    settling.is_there(
        creation, connect_id=world.lead.connect_id, person=world.staff, now=timezone.now()
    )
    assert Write.objects.get(pk=booking.pk).lead == world.lead
    assert not rows_with(Lead.objects.all(), phone="0170 9876543")
    assert leads.search(world.organisation, "9876543") == []


def test_nobody_takes_the_booking_of_another_write(world):
    one, other, *_ = world.offers(capacity=1, booked=0)
    first = world.step(world.ask(one))
    known = Booking.objects.get(write=first)
    world.sandbox.fault("reset_after_commit", times=1, match=BOOKING_POST)
    stuck = world.settle(world.ask(other))
    with pytest.raises(Invalid):
        settling.is_there(
            stuck, connect_id=known.connect_id, person=world.staff, now=timezone.now()
        )
    assert Write.objects.get(pk=stuck.pk).state == State.STUCK
    assert Booking.objects.get(pk=known.pk).write == first


def test_what_takes_too_long_is_told(world):
    write = world.ask()
    assert needs_you.writes(world.staff).count() == 0
    long_ago = timezone.now() - needs_you.OVERDUE * 2
    Write.objects.filter(pk=write.pk).update(created_at=long_ago, changed_at=long_ago)
    assert list(needs_you.writes(world.staff)) == [write]
