"""Bookings that can be moved and cancelled, each brought to the trouble that a test is about."""

import json
import re
import uuid
from html import unescape

from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import bulk_moves, cancelling, lead_edits, lead_moves, rescheduling
from bookingapp.domain.models import (
    Booking,
    BulkMove,
    BulkMoveRow,
    LeadState,
    PoolState,
    Write,
)
from bookingapp.domain.slots import SlotRef
from bookingapp.domain.states import State
from tests.web.booking_world import HTMX, BookingConnect, BookingWorld

PAGE = "/needs-you/"
LOST = connect.Unreachable("reset", maybe_applied=True)
TAKEN = connect.SlotTaken("no longer available", status=400)
NOT_ALLOWED = connect.Refused("Not like that", messages=("Not like that",), status=400)
REJECTED = connect.TokenRejected(status=401)


class TroubleConnect(BookingConnect):
    """Deletes and patches, too; ``answers`` holds errors or None, one a call, first."""

    def send(self, organisation, call, *, request_id="", until=None):
        if call.method not in {"DELETE", "PATCH"}:
            return super().send(organisation, call, request_id=request_id)
        self.sent.append({"method": call.method, **json.loads(call.body or "{}")})
        error = self.answers.pop(0) if self.answers else None
        if error is not None:
            raise error
        if call.method == "DELETE":
            return None
        return connect.Lead(id="lead", lead_state_id=self.sent[-1].get("leadStateId", ""))


class TroubleWorld(BookingWorld):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.warm = self._row(LeadState, "warm", "Warm")
        PoolState.objects.create(pool=self.pool, state=self.warm, position=2)

    def policy(self, **changed):
        self.organisation.settings = {**self.organisation.settings, **changed}
        self.organisation.save(update_fields=["settings"])

    def booked(self, hour=9, **fields):
        """A booking that stands at Connect."""
        write = self.run(self.ask(self.offer(hour, **fields)))
        assert write.state == State.DONE
        return Booking.objects.get(write=write)

    def move(self, booking, slot, *answers):
        """A move that went as far as it can go by itself; ``answers`` are Connect's."""
        resource = {row.connect_id: row for row in (self.anna, self.jana)}[slot.resource_id]
        ref = SlotRef(slot.starts_at, resource.pk)
        asked = rescheduling.AskedMove(
            uuid.uuid4(), booking.pk, self.calendar.pk, self.talk.pk, ref
        )
        self.connect.answers = list(answers)
        place = (self.organisation, self.staff)
        return self.rest(rescheduling.ask(*place, asked, now=timezone.now())[0])

    def cancel(self, booking, *answers):
        asked = cancelling.AskedCancel(uuid.uuid4(), booking.pk, "lead_ill", "Flu")
        self.connect.answers = list(answers)
        place = (self.organisation, self.staff)
        return self.rest(cancelling.ask(*place, asked, now=timezone.now(), hold_seconds=0)[0])

    def move_lead(self, *answers):
        self.connect.answers = list(answers)
        write = lead_moves.ask(
            self.organisation,
            self.staff,
            self.lead,
            "warm",
            intent=uuid.uuid4(),
            now=timezone.now(),
            hold_seconds=0,
        )
        return self.rest(write)

    def edit_lead(self, changes, *answers, hold_seconds=0):
        self.connect.answers = list(answers)
        write = lead_edits.ask(
            self.organisation,
            self.staff,
            self.lead,
            changes,
            intent=uuid.uuid4(),
            now=timezone.now(),
            hold_seconds=hold_seconds,
        )
        return write if hold_seconds else self.rest(write)

    def bulk_move(self, *names, person=None):
        """A bulk move of these leads that has opened a write for each."""
        leads = [self.known(name) for name in names]
        bulk = BulkMove.objects.create(
            organisation=self.organisation,
            person=person or self.staff,
            intent=uuid.uuid4(),
            pool=self.pool,
            to_state="warm",
            asked_at=timezone.now(),
            due_at=timezone.now(),
        )
        BulkMoveRow.objects.bulk_create([BulkMoveRow(bulk=bulk, lead=lead) for lead in leads])
        return bulk, bulk_moves.push(bulk, now=timezone.now()).opened

    def rest(self, write):
        """Steps until it waits for nothing but a person, or is over."""
        for _ in range(30):
            write = self.run(write)
            if write.due_at is None:
                return write
            Write.objects.filter(pk=write.pk).update(due_at=write.created_at)
        raise AssertionError(f"{write} does not come to rest: {write.reason}")

    def no_appointment(self):
        """The old booking deleted, the new time taken, the old one not to be had again."""
        self.policy(reschedule_order="delete_first")
        booking = self.booked(9)
        slot = self.offer(11)
        write = self.move(booking, slot, None, TAKEN, TAKEN)
        assert (write.state, write.reason) == (State.STUCK, "no_appointment")
        return write

    def two_bookings(self):
        write = self.move(self.booked(9), self.offer(11), None, NOT_ALLOWED)
        assert (write.state, write.reason) == (State.STUCK, "two_bookings")
        return write

    def asking_move(self):
        """Taken in between, with another time to choose."""
        booking = self.booked(9)
        self.offer(12)
        write = self.move(booking, self.offer(11), TAKEN)
        assert write.state == State.ASKING, write.reason
        return write


def settle(client, world, write, action="", **more):
    """What pressing a button of the card answers."""
    address = world.address("settlement", write.pk)
    return client.post(address, {"action": action} | more, headers=HTMX)


def card(client, write):
    """The card of a write, as markup and as words."""
    page = client.get(PAGE).content.decode()
    html = re.search(rf'<li id="item-{write.pk}".*?</article>', page, re.S)[0]
    return html, text_of(html)


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def fresh(write):
    return Write.objects.get(pk=write.pk)
