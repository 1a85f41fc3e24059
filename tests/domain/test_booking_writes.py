"""A booking's write against the running sandbox: every answer of design 4.2, and what follows."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from bookingapp.domain import (
    attempts,
    bookings,
    catalogue,
    journal,
    lead_creation,
    pauses,
    provisioning,
    runner,
    settling,
)
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Attempt, AuditEvent, Booking, Lead, Organisation, Token, Write
from bookingapp.domain.slots import SlotRef
from bookingapp.domain.states import Outcome, Reason, State
from tests.domain.booking_world import World

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
BOOKING_POST = {"method": "POST", "path": "/connect/calendar_bookings/"}
LEAD_POST = {"method": "POST", "path": "/connect/table_entries/"}


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return World(sandbox)


def outcomes(write):
    return list(write.attempts.values_list("outcome", flat=True))


def test_an_undisturbed_booking_is_one_call(world):
    write = world.step(world.ask())
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.DONE])
    assert [call["method"] for call in world.sandbox.calls()] == ["POST"]
    booking = Booking.objects.get(write=write)
    assert booking.connect_id in {row["id"] for row in world.sandbox.bookings("connect")}
    assert (write.result["warnings"], booking.lead) == ([], world.lead)


def test_every_move_leaves_one_audit_row(world):
    write = world.step(world.ask())
    moves = AuditEvent.objects.filter(write=write).values_list("source", "target")
    assert list(moves) == [("", "due"), ("due", "sending"), ("sending", "done")]


def test_the_weakest_token_that_will_do_is_used(world):
    world.step(world.ask())
    assert [call["token"] for call in world.posts()] == ["write"]


def test_no_token_is_ever_written_down(world):
    world.step(world.ask())
    kept = str(list(Attempt.objects.values())) + str(list(AuditEvent.objects.values()))
    assert "rocketlead_live" not in kept


def test_the_same_intent_is_one_write(world):
    offer, intent = world.offer(capacity=1, booked=0), uuid.uuid4()
    first, again = world.ask(offer, intent=intent), world.ask(offer, intent=intent)
    assert first.pk == again.pk
    world.step(first)
    world.step(first)
    assert len(world.posts()) == 1


def test_a_form_used_again_for_something_else_is_told(world):
    one, other, *_ = world.offers(capacity=1, booked=0)
    intent = uuid.uuid4()
    first = world.ask(one, intent=intent)
    with pytest.raises(journal.IntentReused) as caught:
        world.ask(other, intent=intent)
    assert caught.value.write.pk == first.pk


def test_a_second_booking_of_the_lead_at_that_time_must_be_meant(world):
    offer = world.offer(capacity=3, booked=0)
    first = world.ask(offer)
    with pytest.raises(bookings.AlreadyBooked) as caught:
        world.ask(offer)
    assert caught.value.write.pk == first.pk
    assert world.ask(offer, again=True).pk != first.pk


def test_a_slot_taken_in_between_asks_with_alternatives(world):
    offer = world.offer(capacity=1, booked=0)
    write = world.ask(offer)
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.step(write)
    assert (write.state, outcomes(write)) == (State.ASKING, [Outcome.SLOT_TAKEN])
    offered = settling.alternatives(write)
    assert len(offered) == 3
    assert offer[2].starts_at not in {
        s.starts_at for s in offered if s.resource_id == offer[2].resource_id
    }
    assert len(world.posts()) == 1


def test_choosing_an_alternative_books_it(world):
    write = world.ask()
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.step(write)
    slot = settling.alternatives(write)[0]
    resource = world.snapshot.resource_by_connect_id(slot.resource_id)
    ref = SlotRef(slot.starts_at, resource.pk)
    settling.choose(write, ref=ref, person=world.staff, now=timezone.now())
    write = world.step(write)
    assert write.state == State.DONE
    assert Booking.objects.get(write=write).starts_at == slot.starts_at
    with pytest.raises(settling.AlreadySettled):
        settling.choose(write, ref=ref, person=world.staff, now=timezone.now())


def anyone_offer(world):
    """A one-seat slot at a time when as many others as possible are free too."""
    offers = list(world.offers())
    at = Counter((calendar.pk, kind.pk, slot.starts_at) for calendar, kind, slot in offers)
    single = [offer for offer in offers if (offer[2].capacity, offer[2].booked) == (1, 0)]
    return max(single, key=lambda offer: at[offer[0].pk, offer[1].pk, offer[2].starts_at])


def test_anyone_moves_to_another_resource_at_the_same_time(world):
    offer = anyone_offer(world)
    write = world.ask(offer, anyone=True)
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.step(world.step(write))
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.SLOT_TAKEN, Outcome.DONE])
    booking = Booking.objects.get(write=write)
    assert booking.starts_at == offer[2].starts_at
    assert booking.resource.connect_id != offer[2].resource_id


def test_at_most_three_slots_are_tried(world):
    world.sandbox.fault("steal_slot", match=BOOKING_POST)
    write = world.settle(world.ask(anyone_offer(world), anyone=True, nearby=True))
    assert write.state == State.ASKING
    assert outcomes(write) == [Outcome.SLOT_TAKEN] * 3
    assert len(world.posts()) == 3


def test_reset_after_commit_is_never_sent_twice(world):
    world.sandbox.fault("reset_after_commit", times=1, match=BOOKING_POST)
    write = world.step(world.ask())
    assert (write.state, outcomes(write)) == (State.CHECKING, [Outcome.UNSURE])
    write = world.settle(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.CANNOT_TELL)
    assert (
        write.result["evidence"]["before"]["booked"],
        write.result["evidence"]["after"]["booked"],
    ) == (0, 1)
    assert len(world.posts()) == 1
    assert world.sandbox.judge()["duplicates"] == []


def test_reset_before_processing_is_proven_and_sent_again(world):
    world.sandbox.fault("reset_before", times=1, match=BOOKING_POST)
    write = world.settle(world.ask())
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.UNSURE, Outcome.DONE])
    assert len(world.sandbox.bookings("connect")) == 1


def test_an_empty_slot_proves_nothing_too_early(world):
    world.sandbox.fault("reset_before", times=1, match=BOOKING_POST)
    write = world.step(world.ask())
    write = world.step(write, after=1.1)
    assert write.state == State.CHECKING
    assert len(world.posts()) == 1


def test_taken_straight_after_a_lost_answer_is_not_a_lost_race(world):
    world.sandbox.fault("reset_before", times=1, match=BOOKING_POST)
    write = world.step(world.ask(anyone_offer(world), anyone=True, nearby=True))
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.settle(write)
    assert write.state == State.STUCK
    assert outcomes(write) == [Outcome.UNSURE, Outcome.UNSURE]


@pytest.mark.parametrize(
    ("fault", "params", "outcome"),
    [
        ("html_502", {"when": "before"}, Outcome.UNSURE),
        ("html_502", {"when": "after"}, Outcome.UNSURE),
        ("malformed", {}, Outcome.UNSURE),
        ("truncated", {}, Outcome.UNSURE),
        ("empty", {}, Outcome.UNSURE),
        ("status_500", {"when": "before"}, Outcome.LATER),
        ("status_500", {"when": "after"}, Outcome.LATER),
        ("status_429", {"retry_after": "1"}, Outcome.LATER),
        ("status_409", {}, Outcome.SLOT_TAKEN),
        ("redirect", {}, Outcome.NEEDS_PERSON),
    ],
)
def test_each_fault_is_one_outcome_and_never_two_bookings(world, fault, params, outcome):
    world.sandbox.fault(fault, times=1, match=BOOKING_POST, **params)
    write = world.step(world.ask())
    assert outcomes(write)[0] == outcome
    write = world.settle(write)
    assert write.state in {State.DONE, State.STUCK, State.ASKING}
    assert len(world.sandbox.bookings("connect")) <= 1
    assert world.sandbox.judge() == {"overbooked": [], "duplicates": []}


def test_connects_own_500_is_tried_again_after_a_look(world):
    world.sandbox.fault("status_500", times=1, match=BOOKING_POST)
    write = world.settle(world.step(world.ask()))
    assert (write.state, outcomes(write)) == (State.DONE, [Outcome.LATER, Outcome.DONE])
    methods = [(call["method"], "availability" in call["path"]) for call in world.sandbox.calls()]
    assert methods == [("POST", False), ("GET", True), ("POST", False)]


def test_a_conflict_on_a_slot_that_is_still_open_needs_a_person(world):
    world.sandbox.fault("status_409", times=1, match=BOOKING_POST)
    write = world.step(world.ask())
    assert (write.state, write.reason) == (State.STUCK, Reason.CONFLICT)


def test_a_revoked_token_pauses_tells_once_and_resumes(world):
    for label in ("write", "admin"):
        world.sandbox.revoke(label, world.organisation.name)
    one, other, *_ = world.offers(capacity=1, booked=0)
    first, second = world.ask(one), world.ask(other)
    first, second = world.step(first), world.step(second)
    assert {first.state, second.state} == {State.WAITING}
    assert AuditEvent.objects.filter(action="writes.paused").count() == 1
    organisation = Organisation.objects.get(pk=world.organisation.pk)
    assert (organisation.paused_reason, organisation.paused_scope) == ("token_rejected", "write")
    secret = world.sandbox.mint(world.organisation.name, "fresh", "write")
    give(organisation, secret)
    assert [world.step(write).state for write in (first, second)] == [State.DONE, State.DONE]
    assert AuditEvent.objects.filter(action="writes.resumed").count() == 1
    assert len(world.sandbox.bookings("connect")) == 2


def give(organisation, secret):
    document = provisioning.Document(
        organisations=[
            provisioning.OrganisationSpec(
                organisation.name,
                organisation.connect_url,
                [provisioning.TokenSpec(secret, "fresh")],
            )
        ]
    )
    list(provisioning.apply(document, now=timezone.now()))


def test_a_token_that_comes_good_again_resumes_by_itself(world):
    from bookingapp.domain import doctor

    for label in ("write", "admin"):
        world.sandbox.revoke(label, world.organisation.name)
    write = world.step(world.ask())
    for label in ("write", "admin"):
        world.sandbox.restore(label, world.organisation.name)
    assert [one.pk for one in doctor.revive(now=timezone.now())] == [write.pk]
    assert world.step(write).state == State.DONE


def test_too_narrow_a_scope_is_named(world):
    Token.objects.filter(label__in=["write", "admin"]).delete()
    Token.objects.filter(label="read").update(scope="write")
    write = world.step(world.ask())
    assert (write.state, write.reason) == (State.WAITING, Reason.SCOPE_TOO_NARROW)
    assert Token.objects.get(label="read", organisation=world.organisation).scope == "read"


def test_scopes_are_found_out_without_changing_anything(world):
    tokens = Token.objects.filter(organisation=world.organisation)
    assert {token.label: token.scope for token in tokens} == {
        "read": "read",
        "write": "write",
        "admin": "admin",
    }
    assert world.sandbox.bookings("connect") == []


def test_a_worker_lost_before_the_call_leaves_the_write_due(world):
    write = world.ask()
    assert journal.claim(write.pk, now=timezone.now())
    late = timezone.now() + timedelta(seconds=settings.WRITE_LEASE + 1)
    assert [nudge.write_id for nudge in runner.sweep(now=late)] == [write.pk]
    assert Write.objects.get(pk=write.pk).state == State.DUE


def test_a_worker_lost_during_the_call_leaves_it_unsure(world):
    claimed = journal.claim(world.ask().pk, now=timezone.now())
    attempts.begin_attempt(claimed, sent={}, evidence={}, now=timezone.now())
    runner.sweep(now=timezone.now() + timedelta(seconds=settings.WRITE_LEASE + 1))
    write = Write.objects.get(pk=claimed.pk)
    assert (write.state, write.reason, outcomes(write)) == (
        State.CHECKING,
        Reason.WORKER_LOST,
        [Outcome.UNSURE],
    )


def test_only_one_hand_at_a_time(world):
    write = world.ask()
    assert journal.claim(write.pk, now=timezone.now()) is not None
    assert journal.claim(write.pk, now=timezone.now()) is None


def new_lead(world, **contact):
    pool = next(pool for pool in world.snapshot.pools if pool.default_state)
    known = {"name": "Änne Neu", "phone": "0170 9876543", **contact}
    return lead_creation.NewLead(pool.pk, Contact(**known))


def test_a_new_lead_is_created_once_and_booked(world):
    booking = world.ask(lead=new_lead(world))
    assert (booking.state, booking.reason) == (State.WAITING, Reason.LEAD_PENDING)
    world.step(booking.after)
    booking = world.step(booking)
    assert booking.state == State.DONE
    assert (len(world.lead_posts()), len(world.posts())) == (1, 1)
    lead = Lead.objects.get(pk=booking.lead_id)
    assert world.posts()[0]["body"]["entryId"] == lead.connect_id


def test_a_new_lead_sent_again_makes_no_twin(world):
    offer, intent = world.offer(capacity=1, booked=0), uuid.uuid4()
    before = Lead.objects.count()
    first = world.ask(offer, intent=intent, lead=new_lead(world))
    again = world.ask(offer, intent=intent, lead=new_lead(world))
    assert (first.pk, Lead.objects.count()) == (again.pk, before + 1)


def test_a_lead_whose_creation_is_unsure_is_never_created_twice(world):
    world.sandbox.fault("reset_after_commit", times=1, match=LEAD_POST)
    booking = world.ask(lead=new_lead(world))
    creation = world.settle(booking.after)
    assert creation.state == State.STUCK
    assert Write.objects.get(pk=booking.pk).state == State.WAITING
    assert len(world.lead_posts()) == 1
    made = next(row for row in world.sandbox.leads() if "9876543" in str(row["data"]))
    settling.is_there(creation, connect_id=made["id"], person=world.staff, now=timezone.now())
    assert world.step(booking).state == State.DONE


def test_a_refused_lead_refuses_its_booking_and_says_why(world):
    booking = world.ask(lead=new_lead(world))
    gone = {**booking.after.payload, "table_id": str(uuid.uuid4())}
    Write.objects.filter(pk=booking.after.pk).update(payload=gone)
    creation = world.step(booking.after)
    booking = Write.objects.get(pk=booking.pk)
    assert (creation.state, booking.state) == (State.REFUSED, State.REFUSED)
    assert booking.reason == Reason.LEAD_REFUSED


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "x"}, "email"),
    ],
)
def test_a_lead_that_cannot_be_reached_is_refused_at_its_field(world, contact, field):
    with pytest.raises(Invalid) as caught:
        world.ask(lead=new_lead(world, **contact))
    assert field in caught.value.fields
    assert Write.objects.count() == 0


def test_it_is_there_ends_it_and_it_is_not_there_sends_again(world):
    world.sandbox.fault("reset_after_commit", times=1, match=BOOKING_POST)
    stuck = world.settle(world.ask(world.offer(capacity=3, booked=0)))
    settling.is_not_there(stuck, person=world.staff, now=timezone.now())
    again = world.settle(stuck)
    assert (again.state, len(world.posts())) == (State.DONE, 2)


def test_settled_by_a_person_is_booked_by_word(world):
    world.sandbox.fault("reset_after_commit", times=1, match=BOOKING_POST)
    stuck = world.settle(world.ask())
    made = world.sandbox.bookings("connect")[0]
    settling.is_there(stuck, connect_id=made["id"], person=world.staff, now=timezone.now())
    assert Write.objects.get(pk=stuck.pk).state == State.DONE
    assert Booking.objects.get(write=stuck).connect_id == made["id"]
    last = AuditEvent.objects.filter(write=stuck).last()
    assert (last.person, last.reason) == (world.staff, Reason.SETTLED_BY_PERSON)


def test_a_pause_is_noted_once_however_many_notice(world):
    now = timezone.now()
    noticed = [
        pauses.pause(world.organisation, reason=Reason.NO_TOKEN, scope="write", now=now)
        for _ in range(3)
    ]
    assert noticed == [True, False, False]


def test_a_late_answer_is_proof(world, monkeypatch):
    """The worker hangs past its lease, is given up, and then hears that it was done."""
    from bookingapp.domain import gateway

    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        runner.sweep(now=timezone.now() + timedelta(seconds=settings.WRITE_LEASE + 1))
        return value

    write = world.ask()
    monkeypatch.setattr(gateway, "send", slow)
    write = world.step(write)
    assert (write.state, write.reason) == (State.DONE, Reason.LATE_ANSWER)
    assert Booking.objects.filter(write=write).count() == 1
