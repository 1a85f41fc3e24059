"""Doubts of a second pair of eyes about the changes of a booking: each was a defect once."""

import uuid
from datetime import timedelta

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import (
    attempts,
    bookings,
    catalogue,
    changes,
    doctor,
    followers,
    gateway,
    journal,
    lead_mirror,
    lead_moves,
    needs_you,
    runner,
    settling,
    sweeping,
    tokens,
    undo,
    waiting,
)
from bookingapp.domain.models import Booking, Token, Write
from bookingapp.domain.states import Reason, State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
POST = {"method": "POST", "path": "/connect/calendar_bookings/"}
PATCH = {"method": "PATCH", "path": "/connect/table_entries/"}
DELETE = {"method": "DELETE", "path": "/connect/calendar_bookings/"}


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def move_lead(world, to_state, *, person=None, hold_seconds=0):
    return lead_moves.ask(
        world.organisation,
        person or world.staff,
        world.known_lead(),
        to_state,
        intent=uuid.uuid4(),
        now=timezone.now(),
        hold_seconds=hold_seconds,
    )


def lead_there(world):
    known = {row["id"]: row["leadStateId"] for row in world.sandbox.leads()}
    return known[world.lead.connect_id]


def test_a_move_gives_the_lead_back_the_state_it_had_when_its_turn_came(world):
    wanted, transient = world.states()
    world.policy(transient_state=transient)
    booking, offer = world.booked()
    earlier = move_lead(world, wanted)
    moving = world.ask_move(booking, world.apart(offer))
    assert world.step(moving).reason == Reason.TURN_PENDING
    world.step(earlier)
    assert world.settle(moving).state == State.DONE
    assert lead_there(world) == wanted


def test_an_answer_without_the_state_does_not_leave_the_lead_in_the_transient_one(
    world, monkeypatch
):
    own, transient = world.known_lead().state_connect_id, world.states()[0]
    world.policy(transient_state=transient)
    booking, offer = world.booked()
    real = gateway.send

    def terse(organisation, call, **more):
        value = real(organisation, call, **more)
        return msgspec.structs.replace(value, lead_state_id="") if call.method == "PATCH" else value

    monkeypatch.setattr(gateway, "send", terse)
    assert world.settle(world.ask_move(booking, world.apart(offer))).state == State.DONE
    assert (lead_there(world), world.known_lead().state_connect_id) == (own, own)


def test_what_came_in_while_a_patch_was_under_way_stays(world, monkeypatch):
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        told = {"id": value.id, "leadStateId": value.lead_state_id, "data": {"name": "Neuer Name"}}
        later = (value.updated_at + timedelta(seconds=5)).isoformat()
        lead_mirror.adopt(organisation, told | {"updatedAt": later}, now=timezone.now())
        return value

    monkeypatch.setattr(gateway, "send", slow)
    to = world.states()[0]
    assert world.step(move_lead(world, to)).state == State.DONE
    known = world.known_lead()
    assert (known.name, known.state_connect_id, known.board_state) == ("Neuer Name", to, to)


def test_who_waits_for_a_turn_goes_on_when_the_one_ahead_waits_for_a_person(world):
    one, other = world.states()
    world.policy(later_limit=1)
    first, second = move_lead(world, one), move_lead(world, other)
    assert world.step(second).reason == Reason.TURN_PENDING
    world.sandbox.fault("status_500", times=1, match=PATCH)
    assert world.step(first).state == State.STUCK
    runner.sweep(now=timezone.now())
    assert world.step(second).state == State.DONE
    assert lead_there(world) == other


def test_what_needs_a_lesser_scope_goes_on_while_an_admin_token_is_missing(world):
    booking, _ = world.booked()
    Token.objects.exclude(label="read").delete()
    cancel = world.step(world.ask_cancel(booking))
    assert (cancel.reason, cancel.result["scope"]) == (Reason.NO_TOKEN, "admin")
    moved = world.step(move_lead(world, world.states()[0]))
    assert (moved.reason, moved.result["scope"]) == (Reason.NO_TOKEN, "write")
    secret = world.sandbox.mint(world.organisation.name, f"again {uuid.uuid4().hex}", "write")
    tokens.store(world.organisation, secret=secret, label="again")
    assert [one.pk for one in doctor.revive(now=timezone.now())] == [moved.pk]
    assert world.settle(moved).state == State.DONE
    world.organisation.refresh_from_db()
    assert world.organisation.paused_scope == "admin"
    cancel.refresh_from_db()
    assert (cancel.state, cancel.reason) == (State.WAITING, Reason.NO_TOKEN)


def put_back(world):
    """A booking that was deleted for a move, whose new slot was taken: it is there again."""
    world.policy(reschedule_order="delete_first")
    booking, offer = world.booked()
    moving = world.ask_move(booking, world.apart(offer))
    world.sandbox.fault("steal_slot", times=1, match=POST)
    return booking, offer, world.settle(moving)


def test_a_booking_that_was_put_back_is_known_to_whoever_books_that_time(world):
    _, offer, moving = put_back(world)
    assert (moving.state, moving.reason) == (State.REFUSED, Reason.PUT_BACK)
    elsewhere = next(
        other for other in world.offers(booked=0) if other[2].starts_at == offer[2].starts_at
    )
    with pytest.raises(bookings.AlreadyBooked) as raised:
        world.ask(elsewhere)
    assert raised.value.write == moving


def test_a_booking_that_was_put_back_ends_no_waiting(world):
    world.policy(reschedule_order="delete_first")
    booking, offer = world.booked()
    wanted = waiting.Wanted(
        lead=world.known_lead(),
        calendar_pk=offer[0].pk,
        type_pk=offer[1].pk,
        from_day=timezone.now().date(),
        until_day=booking.starts_at.date() + timedelta(days=1),
        booking=booking,
    )
    mark, _ = waiting.mark(world.organisation, world.staff, wanted, now=timezone.now())
    moving = world.ask_move(booking, world.apart(offer))
    world.sandbox.fault("steal_slot", times=1, match=POST)
    assert world.settle(moving).reason == Reason.PUT_BACK
    assert waiting.close_booked(world.organisation) == 0
    mark.refresh_from_db()
    assert mark.booking == Booking.objects.get(write=moving)


def test_a_refused_cancel_says_what_vanished(world, monkeypatch):
    world.policy(cancel_state=world.states()[0])
    booking, _ = world.booked()
    write = world.ask_cancel(booking)

    def gone(*_, **__):
        raise connect.Missing("Not Found", status=404, has_envelope=True)

    monkeypatch.setattr(gateway, "send", gone)
    assert (world.step(write).state, world.step(write).reason) == (State.REFUSED, Reason.VANISHED)


def test_one_row_that_cannot_be_recovered_holds_nobody_up(world):
    bad, good = move_lead(world, world.states()[0]), move_lead(world, world.states()[1])
    past = timezone.now() - timedelta(minutes=5)
    Write.objects.filter(pk=bad.pk).update(
        state=State.SENDING, lease=uuid.uuid4(), lease_until=past, kind="from_a_later_release"
    )
    woken = [nudge.write_id for nudge in runner.sweep(now=timezone.now())]
    assert good.pk in woken


def test_the_clock_cannot_be_stopped_for_ever_by_going_on(world):
    write = move_lead(world, world.states()[0], hold_seconds=8)
    now = write.created_at
    while now < write.created_at + 2 * undo.LONGEST and now < write.due_at:
        write = undo.pause(write, person=world.staff, now=now)
        now += timedelta(seconds=5)
        if now < write.due_at:
            write = undo.go_on(write, person=world.staff, now=now)
    assert write.due_at <= write.created_at + undo.LONGEST


def test_what_one_person_undoes_is_still_done_for_the_other_who_asked_for_it(world):
    other = get_user_model().objects.get(username="manager")
    target = world.states()[0]
    mine = move_lead(world, target, hold_seconds=8)
    theirs = move_lead(world, target, person=other, hold_seconds=8)
    assert theirs.person == other
    undo.undo(mine, person=world.staff, now=timezone.now())
    assert world.step(theirs, after=10).state == State.DONE
    assert lead_there(world) == target


@pytest.mark.parametrize("look", ["ready", "expired", "stranded", "needs_you", "held"])
def test_what_is_asked_every_few_seconds_reads_no_finished_writes(world, look):
    now = timezone.now()
    found = {
        "ready": lambda: sweeping.ready(now),
        "expired": lambda: sweeping.expired(now),
        "stranded": followers.stranded,
        "needs_you": lambda: needs_you.writes(world.staff).count(),
        "held": lambda: undo.held(world.staff, world.organisation),
    }[look]
    asked = []

    def keep(execute, sql, params, *more):
        asked.append((sql, params))
        return execute(sql, params, *more)

    with connection.execute_wrapper(keep):
        found()
    for sql, params in asked:
        with connection.cursor() as cursor:
            plan = cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
        steps = [row[3] for row in plan if "domain_write" in row[3] or " U0" in row[3]]
        assert steps
        slow = ("SCAN", "organisation_id=?)", "person_id=?)")
        assert not [step for step in steps if "write" in step and any(s in step for s in slow)]


def raced(monkeypatch, world, ask):
    """``ask`` while the same form, sent at the same moment, is a step ahead of it."""
    real, first = changes.same_intent, []

    def behind(*asked):
        if first:
            return real(*asked)
        monkeypatch.setattr(changes, "same_intent", real)
        first.append(ask())
        return False

    monkeypatch.setattr(changes, "same_intent", behind)
    return ask(), first[0]


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_the_same_form_twice_at_once_is_one_change_and_no_refusal(world, monkeypatch, change):
    booking, offer = world.booked()
    intent, elsewhere = uuid.uuid4(), world.apart(offer)
    ask = {
        "move": lambda: world.ask_move(booking, elsewhere, intent=intent),
        "cancel": lambda: world.ask_cancel(booking, intent=intent, hold_seconds=8),
    }[change]
    later, first = raced(monkeypatch, world, ask)
    assert later == first
    assert Write.objects.filter(about=booking).count() == 1


def test_a_late_answer_stops_the_hand_that_has_not_sent_yet(world, monkeypatch):
    write = world.ask()
    real = gateway.send

    def overtaken(organisation, call, **more):
        value = real(organisation, call, **more)
        if call.method == "POST":
            past = timezone.now() - timedelta(seconds=1)
            Write.objects.filter(pk=write.pk).update(lease_until=past)
            sweeping.recover(Write.objects.get(pk=write.pk), now=timezone.now())
            proven = Write.objects.get(pk=write.pk)
            # Somebody looked before Connect had counted it, and the next hand has just taken it.
            journal.move(proven, State.DUE, reason=Reason.PROVEN_ABSENT, now=past, due_at=past)
            taken.append(journal.claim(write.pk, now=timezone.now()))
        return value

    taken = []
    monkeypatch.setattr(gateway, "send", overtaken)
    done = world.step(write)
    assert (done.state, done.reason) == (State.DONE, Reason.LATE_ANSWER)
    with pytest.raises(journal.Lost):
        attempts.begin_attempt(taken[0], sent={}, evidence={}, now=timezone.now())
    assert len(world.posts()) == 1


def test_what_a_person_says_does_not_hide_that_connect_confirmed_two(world):
    *_, moving = put_back(world)
    # The answer to the booking that was refused turns out to have been another one.
    refused = moving.attempts.filter(step="book").last()
    refused.outcome = "done"
    refused.save()
    Write.objects.filter(pk=moving.pk).update(
        state=State.STUCK,
        reason=Reason.CANNOT_TELL,
        step="put_back",
        result={**moving.result, "steps": {"delete": "done", "book": "failed"}},
    )
    now, connect_id = timezone.now(), Booking.objects.get(write=moving).connect_id
    stuck = Write.objects.get(pk=moving.pk)
    moving.attempts.filter(step="put_back").update(outcome="unsure")
    settling.is_there(stuck, connect_id=connect_id, person=world.staff, now=now)
    assert (stuck.state, stuck.reason) == (State.STUCK, Reason.SECOND_ANSWER)
    stuck = Write.objects.get(pk=moving.pk)
    settling.is_there(stuck, connect_id="", person=world.staff, now=now)
    assert stuck.state == State.REFUSED
