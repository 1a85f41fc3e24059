"""Writes whose answers were lost, settled by what RocketLead tells: against the running sandbox."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, heard, lead_creation, mirror, stories
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.hooks import inbox, secrets
from bookingapp.domain.hooks.telling import BookingFacts
from bookingapp.domain.kinds.by_event import value_of
from bookingapp.domain.models import Booking, Delivery, Lead, Write
from bookingapp.domain.states import Reason, State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
BOOK = {"method": "POST", "path": "/connect/calendar_bookings/"}
DELETE = {"method": "DELETE", "path": "/connect/calendar_bookings/"}
CREATE = {"method": "POST", "path": "/connect/table_entries/"}


class World(ChangeWorld):
    """What the sandbox has done is told in its own words, when the test says so."""

    def tell(self, event, **more):
        raw = json.dumps({"event": event, "told": uuid.uuid4().hex, **more}).encode()
        way = Delivery.Way.EVENTS
        return inbox.receive(self.organisation, way, raw, now=timezone.now())

    def tell_booked(self, row, **more):
        return self.tell("calendar.appointment.booked", **(as_told(row) | more))

    def unsure(self, **more):
        """A booking that was made and never answered, stuck since the counts cannot tell."""
        self.sandbox.fault("reset_after_commit", times=1, match=BOOK)
        write = self.settle(self.ask(self.offer(capacity=1, booked=0), **more))
        assert (write.state, write.reason) == (State.STUCK, Reason.CANNOT_TELL)
        return write, self.made()

    def made(self):
        return next(row for row in self.sandbox.bookings("connect") if self.is_ours(row))


def as_told(row):
    return {
        "bookingId": row["id"],
        "leadId": row["leadId"],
        "calendarId": row["calendarId"],
        "resourceId": row["resourceId"],
        "appointmentTypeId": row["appointmentTypeId"],
        "startDateTime": row["startDateTime"],
        "endDateTime": row["endDateTime"],
        "bookedAt": timezone.now().isoformat(),
    }


@pytest.fixture
def world(sandbox, monkeypatch):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return World(sandbox)


def test_a_stuck_booking_is_settled_and_its_id_kept(world):
    write, row = world.unsure()
    told = world.tell_booked(row)
    write.refresh_from_db()
    assert (write.state, write.reason) == (State.DONE, Reason.SETTLED_BY_EVENT)
    booking = Booking.objects.get(write=write)
    assert (booking.connect_id, booking.lead) == (row["id"], world.lead)
    assert told.delivery.write == write
    assert told.delivery.changed == ["write_settled"]
    assert world.tell_booked(row).delivery.result == "unchanged"
    assert Booking.objects.count() == 1


def test_somebody_elses_booking_settles_nothing(world):
    write, row = world.unsure()
    another = Lead.objects.create(
        organisation=world.organisation, connect_id="lead-x", created_at=timezone.now(),
        known_at=timezone.now(),
    )  # fmt: skip
    resources = (one.connect_id for one in world.snapshot.resources)
    theirs = {
        "leadId": another.connect_id,
        "resourceId": next(one for one in resources if one != row["resourceId"]),
        "startDateTime": (timezone.now() + timedelta(days=9)).isoformat(),
        "bookedAt": (timezone.now() - timedelta(hours=1)).isoformat(),
        "memberId": "member-7",
    }
    for name, value in theirs.items():
        world.tell_booked(row, bookingId=f"not-{name}", **{name: value})
        write.refresh_from_db()
        assert write.state == State.STUCK, name
    world.tell_booked(row)
    write.refresh_from_db()
    assert write.state == State.DONE


def test_an_event_that_came_before_the_worker_gave_up_is_found_by_it(world):
    world.sandbox.fault("reset_after_commit", times=1, match=BOOK)
    write = world.step(world.ask(world.offer(capacity=1, booked=0)))
    assert write.state == State.CHECKING
    Write.objects.filter(pk=write.pk).update(state=State.SENDING)  # its worker is still at it
    world.tell_booked(world.made())
    assert Booking.objects.get().write is None
    Write.objects.filter(pk=write.pk).update(state=State.CHECKING)
    write = world.settle(write)
    assert (write.state, write.reason) == (State.DONE, Reason.SETTLED_BY_EVENT)
    assert Booking.objects.get().write == write


def test_a_late_answer_takes_the_row_that_the_event_made(world):
    booking, _ = world.booked()
    write = booking.write
    Booking.objects.filter(pk=booking.pk).update(write=None)
    world.tell_booked(world.made())
    facts = BookingFacts(booking.connect_id, lead_id=world.lead.connect_id)
    mirror.booked(write, value_of(write, facts), now=timezone.now())
    assert Booking.objects.get().write == write


def test_an_unsure_creation_is_settled_by_its_key_and_its_booking_goes_on(world):
    world.sandbox.fault("reset_after_commit", times=1, match=CREATE)
    pool = next(pool for pool in world.snapshot.pools if pool.default_state)
    new = lead_creation.NewLead(pool.pk, Contact("Ada Neu", "0301234567", ""))
    lead_write, _ = lead_creation.ask(
        world.organisation, world.staff, new, intent=uuid.uuid4(), now=timezone.now()
    )
    stuck = world.settle(lead_write)
    assert stuck.state == State.STUCK
    follower = world.ask(lead=stuck.lead)
    Write.objects.filter(pk=follower.pk).update(
        state=State.WAITING, reason=Reason.LEAD_PENDING, after=stuck, due_at=None
    )
    row = next(one for one in world.sandbox.leads() if one["data"].get("name") == "Ada Neu")
    received = world.tell("table.entry.added", lead=row)
    stuck.refresh_from_db()
    assert (stuck.state, stuck.reason) == (State.DONE, Reason.SETTLED_BY_EVENT)
    assert Lead.objects.get(pk=stuck.lead_id).connect_id == row["id"]
    assert received.freed == [follower.pk]
    assert world.settle(follower).state == State.DONE
    assert len(world.lead_posts()) <= 1


def test_a_creation_that_is_put_off_is_not_sent_again_once_it_was_told_of(world):
    world.sandbox.fault("status_500", times=1, match=CREATE, when="after")
    pool = next(pool for pool in world.snapshot.pools if pool.default_state)
    new = lead_creation.NewLead(pool.pk, Contact("Bo Neu", "0301234568", ""))
    write, _ = lead_creation.ask(
        world.organisation, world.staff, new, intent=uuid.uuid4(), now=timezone.now()
    )
    write = world.step(write)
    assert write.state == State.WAITING
    row = next(one for one in world.sandbox.leads() if one["data"].get("name") == "Bo Neu")
    world.tell("table.entry.added", lead=row)
    assert world.settle(write).state == State.DONE
    assert len([one for one in world.sandbox.leads() if one["data"].get("name") == "Bo Neu"]) == 1


def test_a_move_whose_booking_step_is_stuck_goes_on(world):
    booking, offer = world.booked()
    world.sandbox.fault("reset_after_commit", times=1, match=BOOK)
    move = world.settle(world.ask_move(booking, world.apart(offer)))
    assert (move.state, move.step) == (State.STUCK, "book")
    new = next(row for row in world.sandbox.bookings("connect") if row["id"] != booking.connect_id)
    received = world.tell_booked(new)
    assert received.freed == [move.pk]
    assert world.settle(move).state == State.DONE
    booking.refresh_from_db()
    assert (booking.gone_as, booking.moved_to.connect_id) == ("moved", new["id"])
    assert [row["id"] for row in world.sandbox.bookings("connect")] == [new["id"]]


def test_a_stuck_cancel_is_settled_by_the_event_of_the_deletion(world):
    world.policy(later_limit=1)
    booking, _ = world.booked()
    world.sandbox.fault("reset_after_commit", match=DELETE)
    cancel = world.settle(world.ask_cancel(booking, note="krank"))
    assert cancel.state == State.STUCK
    told = world.tell("calendar.appointment.deleted", bookingId=booking.connect_id)
    cancel.refresh_from_db()
    booking.refresh_from_db()
    assert (cancel.state, cancel.reason) == (State.DONE, Reason.SETTLED_BY_EVENT)
    assert (booking.gone_as, booking.gone_by) == ("cancelled", cancel)
    assert told.delivery.changed == ["booking_gone", "write_settled"]


def test_a_booking_made_elsewhere_can_be_moved_and_cancelled(world):
    _calendar, _kind, slot = offer = world.offer(capacity=1, booked=0)
    calendar, kind, _ = offer
    row = world.sandbox.book(
        calendarId=calendar.connect_id, resourceId=slot.resource_id,
        appointmentTypeId=kind.connect_id, startDateTime=slot.starts_at.isoformat(),
        endDateTime=slot.ends_at.isoformat(), leadId=world.lead.connect_id,
    )  # fmt: skip
    told = as_told(row | {"leadId": world.lead.connect_id})
    world.tell("calendar.appointment.booked", **told)
    booking = Booking.objects.get(connect_id=row["id"])
    move = world.settle(world.ask_move(booking, world.apart(offer)))
    assert (move.state, move.reason) == (State.DONE, Reason.NONE)
    moved = Booking.objects.get(write=move)
    assert stories.find(world.organisation, booking.pk).chain == (booking, moved)
    cancel = world.settle(world.ask_cancel(moved))
    assert (cancel.state, world.standing()) == (State.DONE, [])


def test_what_came_since_is_evidence(world):
    write, row = world.unsure()
    assert heard.about([write]) == {}
    secrets.make(world.organisation, person=world.staff, now=timezone.now())
    assert heard.about([write]) == {write.pk: []}
    theirs = next(o for o in world.snapshot.resources if o.connect_id != row["resourceId"])
    world.tell_booked(row, bookingId="other", resourceId=theirs.connect_id)
    assert [one.event for one in heard.about([write])[write.pk]] == ["calendar.appointment.booked"]
