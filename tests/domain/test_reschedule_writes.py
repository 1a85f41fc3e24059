"""Moving a booking against the running sandbox: its order, its tokens, its late answers."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, changes, doctor, gateway, journal, needs_you, settling
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Booking, Token, Write
from bookingapp.domain.states import Outcome, Reason, State
from tests.domain.change_world import ORDERS, ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
BOOKING_POST = {"method": "POST", "path": "/connect/calendar_bookings/"}


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def changing(world):
    """Methods of the calls that changed something, in order."""
    return [call["method"] for call in world.sandbox.calls() if call["method"] != "GET"]


def asked(world, **more):
    """A move to a place apart from where the booking is; the booking and the new place."""
    booking, offer = world.booked()
    new = world.apart(offer)
    return world.ask_move(booking, new, **more), booking, new


def steps_of(write):
    return list(write.attempts.values_list("step", "outcome"))


@pytest.mark.parametrize(
    ("order", "methods"),
    [("book_first", ["POST", "DELETE"]), ("delete_first", ["DELETE", "POST"])],
)
def test_a_move_apart_goes_in_the_order_of_the_organisation(world, order, methods):
    world.policy(reschedule_order=order)
    write, booking, new = asked(world)
    write = world.settle(write)
    assert (write.state, changing(world)) == (State.DONE, methods)
    (standing,) = world.standing()
    made = Booking.objects.get(write=write)
    assert (made.connect_id, made.starts_at) == (standing[0], new[2].starts_at)
    booking.refresh_from_db()
    assert (booking.gone_as, booking.gone_by, booking.moved_to) == ("moved", write, made)


def test_what_stands_in_its_own_way_is_deleted_first(world):
    old, new = world.overlapping()
    booking, _ = world.booked(old)
    write = world.settle(world.ask_move(booking, new))
    assert (write.state, changing(world)) == (State.DONE, ["DELETE", "POST"])
    assert world.sandbox.judge() == {"overbooked": [], "duplicates": []}


@pytest.mark.parametrize("order", ORDERS)
def test_the_leads_own_state_comes_back_last(world, order):
    own, (transient, _) = world.known_lead().state_connect_id, world.states()
    world.policy(reschedule_order=order, transient_state=transient)
    write = world.settle(asked(world)[0])
    patched = [call["body"]["leadStateId"] for call in world.sandbox.calls("PATCH")]
    assert (write.state, patched) == (State.DONE, [transient, own])
    assert changing(world)[0] == changing(world)[-1] == "PATCH"
    assert world.known_lead().state_connect_id == own


def test_a_state_that_somebody_else_set_meanwhile_is_left_alone(world):
    transient, theirs = world.states()
    world.policy(transient_state=transient)
    write = asked(world)[0]
    for _ in range(3):
        write = world.step(write)
    assert write.step == "restore"
    lead = world.known_lead()
    lead.state_connect_id = theirs
    lead.save()
    write = world.settle(write)
    assert write.state == State.DONE
    assert len(world.sandbox.calls("PATCH")) == 1


def test_a_move_is_a_single_use(world):
    write, booking, new = asked(world)
    with pytest.raises(changes.BeingChanged) as caught:
        world.ask_move(booking, new)
    assert caught.value.write.pk == write.pk
    with pytest.raises(changes.BeingChanged):
        world.ask_cancel(booking)
    world.settle(write)
    with pytest.raises(changes.Gone):
        world.ask_move(booking, new)


def test_the_same_intent_is_one_move(world):
    booking, offer = world.booked()
    new, intent = world.apart(offer), uuid.uuid4()
    write = world.ask_move(booking, new, intent=intent)
    assert world.ask_move(booking, new, intent=intent).pk == write.pk
    world.settle(write)
    assert world.ask_move(booking, new, intent=intent).pk == write.pk
    other = next(o for o in world.offers(capacity=1, booked=0) if o[2] != new[2])
    with pytest.raises(journal.IntentReused):
        world.ask_move(booking, other, intent=intent)


def test_to_where_it_is_moves_nothing(world):
    booking, offer = world.booked()
    with pytest.raises(Invalid):
        world.ask_move(booking, offer)
    assert changing(world) == []


@pytest.mark.parametrize("order", ORDERS)
def test_a_booking_that_is_gone_already_counts_as_deleted(world, order):
    world.policy(reschedule_order=order)
    write, booking, _ = asked(world)
    world.sandbox.cancel(booking.connect_id)
    write = world.settle(write)
    assert write.state == State.DONE
    assert ("delete", Outcome.DONE) in steps_of(write)
    assert len(world.standing()) == 1


@pytest.mark.parametrize("order", ORDERS)
def test_nothing_is_begun_without_a_token_that_may_delete(world, order):
    world.policy(reschedule_order=order)
    Token.objects.filter(label="admin").delete()
    write = world.step(asked(world)[0])
    assert (write.state, write.reason, write.result["scope"]) == (
        State.WAITING,
        Reason.NO_TOKEN,
        "admin",
    )
    assert changing(world) == []
    assert list(needs_you.writes(world.staff)) == [write]


@pytest.mark.parametrize("how", ["revoked", "narrowed"])
def test_a_token_lost_between_book_and_delete_pauses_and_resumes(world, how):
    write = world.step(asked(world)[0])
    assert write.step == "delete"
    if how == "revoked":
        world.sandbox.revoke("admin", world.organisation.name)
    else:
        Token.objects.filter(label="admin").delete()
        Token.objects.filter(label="write").update(scope="admin")
    write = world.settle(write)
    expected = Reason.TOKEN_REJECTED if how == "revoked" else Reason.SCOPE_TOO_NARROW
    assert (write.state, write.reason, write.result["scope"]) == (State.WAITING, expected, "admin")
    assert len(world.standing()) == 2
    assert list(needs_you.writes(world.staff)) == [write]
    if how == "revoked":
        world.sandbox.restore("admin", world.organisation.name)
        doctor.revive(now=timezone.now())
    else:
        give(world, world.sandbox.mint(world.organisation.name, "fresh", "admin"))
    write = world.settle(write)
    assert (write.state, len(world.standing())) == (State.DONE, 1)
    assert changing(world).count("POST") == 1


def give(world, secret):
    from bookingapp.domain import provisioning

    tokens = [provisioning.TokenSpec(secret, "fresh")]
    ours = provisioning.OrganisationSpec(
        world.organisation.name, world.organisation.connect_url, tokens
    )
    document = provisioning.Document(organisations=[ours])
    list(provisioning.apply(document, now=timezone.now()))


def test_refused_after_the_delete_it_is_booked_again_where_it_was(world):
    world.policy(reschedule_order="delete_first")
    write, booking, _ = asked(world)
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.settle(write)
    assert (write.state, write.reason) == (State.REFUSED, Reason.PUT_BACK)
    (standing,) = world.standing()
    again = Booking.objects.get(lead=world.lead, gone_at=None)
    assert (again.connect_id, again.starts_at) == (standing[0], booking.starts_at)
    assert list(needs_you.writes(world.staff)) == [write]


def test_with_neither_place_left_it_is_told_before_all_else(world):
    world.policy(reschedule_order="delete_first")
    write, *_ = asked(world)
    world.sandbox.fault("steal_slot", times=2, match=BOOKING_POST)
    write = world.settle(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.NO_APPOINTMENT)
    assert world.standing() == []
    waiting = needs_you.writes(world.staff).first()
    assert needs_you.urgency_of(waiting) == needs_you.Urgency.NO_APPOINTMENT
    settling.is_not_there(waiting, person=world.staff, now=timezone.now())
    for row in world.sandbox.bookings("stolen"):
        world.sandbox.cancel(row["id"])
    write = world.settle(waiting)
    assert (write.state, len(world.standing())) == (State.REFUSED, 1)


def test_a_new_place_that_is_taken_is_asked_about_and_nothing_is_given_up(world):
    write, booking, _ = asked(world)
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    write = world.settle(write)
    assert write.state == State.ASKING
    assert [key for key, _ in world.standing()] == [booking.connect_id]


# -- what a proxy may have done --------------------------------------------------------------


@pytest.mark.parametrize("fault", ["status_409", "status_429"])
@pytest.mark.parametrize("order", ORDERS)
def test_a_refusal_that_hides_our_own_booking_is_not_a_lost_race(world, fault, order):
    world.policy(reschedule_order=order)
    write, *_ = asked(world)
    world.sandbox.fault(fault, times=1, match=BOOKING_POST, when="after")
    write = world.settle(write)
    assert write.state == State.STUCK
    assert write.reason in {Reason.CONFLICT, Reason.CANNOT_TELL}
    assert changing(world).count("POST") == 1


def test_what_is_lost_again_and_again_is_not_sent_for_ever(world):
    world.policy(later_limit=3)
    write, *_ = asked(world)
    world.sandbox.fault("reset_before", match=BOOKING_POST)
    write = world.settle(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.GAVE_UP)
    assert changing(world).count("POST") == 3
    world.sandbox.clear_faults()
    settling.is_not_there(write, person=world.staff, now=timezone.now())
    assert world.settle(write).state == State.DONE
    assert len(world.standing()) == 1


# -- answers that come after the worker was given up -----------------------------------------


def late(monkeypatch, step, state):
    """While the call of ``step`` is answered, the sweep has put the write into ``state``."""
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        sending = Write.objects.filter(state=State.SENDING, step=step)
        if call.method != "GET" and sending.exists():
            changed = {"lease": None, "lease_until": None, "version": 99, "due_at": timezone.now()}
            sending.update(state=state, **changed)
        return value

    monkeypatch.setattr(gateway, "send", slow)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("state", [State.DUE, State.CHECKING, State.WAITING, State.STUCK])
@pytest.mark.parametrize("step", ["mark", "book", "delete", "restore"])
def test_a_late_answer_is_proof_and_the_move_goes_on(world, monkeypatch, order, state, step):
    world.policy(reschedule_order=order, transient_state=world.states()[0])
    own = world.known_lead().state_connect_id
    write, *_ = asked(world)
    late(monkeypatch, step, state)
    write = world.settle(write)
    assert write.state == State.DONE
    assert sorted(changing(world)) == ["DELETE", "PATCH", "PATCH", "POST"]
    (standing,) = world.standing()
    assert Booking.objects.get(lead=world.lead, gone_at=None).connect_id == standing[0]
    assert world.known_lead().state_connect_id == own


@pytest.mark.parametrize("state", [State.DUE, State.CHECKING, State.WAITING, State.STUCK])
def test_a_late_answer_to_putting_back_ends_it(world, monkeypatch, state):
    world.policy(reschedule_order="delete_first")
    write, *_ = asked(world)
    world.sandbox.fault("steal_slot", times=1, match=BOOKING_POST)
    late(monkeypatch, "put_back", state)
    write = world.settle(write)
    assert (write.state, len(world.standing())) == (State.REFUSED, 1)
    assert changing(world).count("POST") == 2


def closed_meanwhile(monkeypatch, world, step, pk):
    """While the call of ``step`` is answered, a person closes the write."""
    real = gateway.send

    def slow(organisation, call, **more):
        value = real(organisation, call, **more)
        sending = Write.objects.filter(pk=pk, state=State.SENDING, step=step)
        if call.method != "GET" and sending.exists():
            sending.update(state=State.STUCK, lease=None, lease_until=None, version=99)
            settling.give_up(Write.objects.get(pk=pk), person=world.staff, now=timezone.now())
        return value

    monkeypatch.setattr(gateway, "send", slow)


@pytest.mark.parametrize("step", ["book", "delete"])
def test_an_answer_after_somebody_closed_it_is_told_or_taken_down(world, monkeypatch, step):
    write, booking, _ = asked(world)
    closed_meanwhile(monkeypatch, world, step, write.pk)
    for _ in range(3):
        write = world.step(write)
    assert write.state == State.REFUSED
    if step == "book":
        # Two stand, which nobody had meant.
        assert (write.reason, len(world.standing())) == (Reason.SECOND_ANSWER, 2)
        assert list(needs_you.writes(world.staff)) == [write]
    else:
        known = Booking.objects.filter(lead=world.lead, gone_at=None)
        assert {row.connect_id for row in known} == {key for key, _ in world.standing()}
        booking.refresh_from_db()
        assert booking.gone_as == "moved"


def test_what_a_person_denies_is_not_doubted_again(world):
    """Somebody else took a seat after Connect's own 500: counts alone cannot tell who."""
    old = world.offer(capacity=1, booked=0)
    booking, _ = world.booked(old)
    calendar, kind, slot = world.offer(capacity=3, booked=0)
    write = world.ask_move(booking, (calendar, kind, slot))
    world.sandbox.fault("status_500", times=1, match=BOOKING_POST)
    write = world.step(write)
    world.sandbox.book(
        calendarId=calendar.connect_id,
        resourceId=slot.resource_id,
        appointmentTypeId=kind.connect_id,
        startDateTime=slot.starts_at.isoformat(),
        endDateTime=slot.ends_at.isoformat(),
    )
    write = world.settle(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.CANNOT_TELL)
    settling.is_not_there(write, person=world.staff, now=timezone.now())
    assert world.settle(write).state == State.DONE
    assert len(world.standing()) == 1
