"""Ways to make a booking in the running sandbox and to ask for its moves and cancels."""

import uuid
from datetime import timedelta

from django.utils import timezone

from bookingapp.domain import cancelling, rescheduling
from bookingapp.domain.models import Booking, Lead, LeadState, Write
from bookingapp.domain.slots import SlotRef
from tests.domain.booking_world import World

ORDERS = ("book_first", "delete_first")


class ChangeWorld(World):
    def policy(self, **changed):
        self.organisation.settings = {**self.organisation.settings, **changed}
        self.organisation.save(update_fields=["settings"])

    def booked(self, offer=None):
        """A booking that stands, and the offer it took."""
        offer = offer or self.offer(capacity=1, booked=0)
        write = self.step(self.ask(offer))
        assert write.state == "done", write.reason
        self.sandbox.forget_calls()
        return Booking.objects.get(write=write), offer

    def apart(self, offer):
        """An offer of the same kind with another resource or far from the first."""
        _, kind, slot = offer
        for other in self.offers(capacity=1, booked=0):
            if other[1] == kind and other[2].resource_id != slot.resource_id:
                return other
        raise AssertionError("no second resource for this type")

    def overlapping(self):
        """Two offers of one resource that cannot both stand: (first, second)."""
        known = list(self.offers(capacity=1, booked=0))
        for calendar, kind, slot in known:
            for other in known:
                later = other[2]
                same = (calendar, kind, slot.resource_id) == (*other[:2], later.resource_id)
                if same and slot.starts_at < later.starts_at < slot.ends_at:
                    return (calendar, kind, slot), other
        raise AssertionError("no overlapping offers")

    def ask_move(self, booking, offer, *, intent=None, anyone=False, hold_seconds=0.0):
        calendar, kind, slot = offer
        resource = self.snapshot.resource_by_connect_id(slot.resource_id)
        asked = rescheduling.AskedMove(
            intent=intent or uuid.uuid4(),
            booking_pk=booking.pk,
            calendar_pk=calendar.pk,
            type_pk=kind.pk,
            ref=SlotRef(slot.starts_at, resource.pk),
            anyone=anyone,
        )
        now = timezone.now()
        return rescheduling.ask(
            self.organisation, self.staff, asked, now=now, hold_seconds=hold_seconds
        )[0]

    def ask_cancel(self, booking, *, intent=None, hold_seconds=0.0, reason="lead_asked", note=""):
        asked = cancelling.AskedCancel(intent or uuid.uuid4(), booking.pk, reason, note)
        now = timezone.now()
        return cancelling.ask(
            self.organisation, self.staff, asked, now=now, hold_seconds=hold_seconds
        )[0]

    def standing(self):
        """What the lead has at the sandbox, as (id, start)."""
        made = self.sandbox.bookings("connect")
        return [(row["id"], row["startDateTime"]) for row in made if self.is_ours(row)]

    def is_ours(self, row):
        return row["leadId"] == self.lead.connect_id

    def states(self):
        """Two states of the lead's pool that it does not have."""
        pool = Lead.objects.get(pk=self.lead.pk).pool
        own = self.known_lead().state_connect_id
        known = LeadState.objects.filter(pools=pool).exclude(connect_id=own)
        return list(known.values_list("connect_id", flat=True)[:2])

    def later(self, write, seconds):
        return self.step(Write.objects.get(pk=write.pk), after=seconds)

    def hour_later(self):
        return timezone.now() + timedelta(hours=1)
