"""Somebody is ill in the running sandbox: their bookings, and a rescue of them."""

import json
import uuid
from datetime import date

from django.utils import timezone

from bookingapp.domain import availability, lead_mirror
from bookingapp.domain.access import Membership
from bookingapp.domain.models import Booking, RescueRow, Resource, Write
from bookingapp.domain.rescue import listing, proposing, rows, running, standing
from tests.domain.booking_world import World, document
from tests.support import fill


class RescueWorld(World):
    def __init__(self, sandbox, number):
        super().__init__(sandbox)
        self._adopt_more(number)
        self.filled = fill.fill(self.organisation, number, timezone.now())
        self.ill = Resource.objects.get(pk=self.filled["resource"])
        self.sandbox.forget_calls()

    def _adopt_more(self, number):
        _, lines = document(self.sandbox.folder, self.sandbox.port)
        mine = set(self.organisation.leadpool_set.values_list("connect_id", flat=True))
        told = [one for one in map(json.loads, lines.splitlines()) if one["tableId"] in mine]
        for one in told[: number + 1]:
            lead_mirror.adopt(self.organisation, one, now=timezone.now())

    def asked(self, **changes):
        fields = {
            "intent": uuid.uuid4(),
            "calendar_pk": self.filled["calendar"],
            "resource_pk": self.filled["resource"],
            "from_day": date.fromisoformat(self.filled["from_day"]),
            "until_day": date.fromisoformat(self.filled["until_day"]),
        }
        return listing.Asked(**{**fields, **changes})

    def begin(self, **changes):
        now = timezone.now()
        rescue, _ = listing.begin(self.organisation, self.staff, self.asked(**changes), now=now)
        assert proposing.propose_all(rescue, now=now)
        return rows.find(self.organisation, rescue.pk)

    def agreed(self, **changes):
        """A rescue whose every row has a proposal that its lead agreed to."""
        rescue = self.begin(**changes)
        rescue.rows.exclude(slot={}).update(answer=RescueRow.Answer.AGREED)
        return rescue

    def run(self, rescue):
        return running.run(rescue, self.staff, now=timezone.now())

    def stop(self, rescue):
        return running.stop(rescue, self.staff, now=timezone.now())

    def work(self, rescue):
        """As a worker until nothing moves by itself any more."""
        for write in self.writes(rescue):
            self.settle(write)

    def writes(self, rescue):
        found = Write.objects.filter(rescue_rows__rescue=rescue).exclude(state="undone")
        return list(found.order_by("created_at", "pk"))

    def standings(self, rescue):
        now = timezone.now()
        return [str(standing.standing_of(row, now)) for row in rows.rows_of(rescue)]

    def rows(self, rescue):
        return rows.rows_of(rescue)

    def membership(self, role="staff"):
        return Membership(self.organisation, role)

    def take(self, slot, kind, *, leave=0):
        """Somebody at the console takes every seat of a slot but ``leave``."""
        for _ in range(slot.capacity - slot.booked - leave):
            self.sandbox.book(
                calendarId=self.snapshot.calendar(self.filled["calendar"]).connect_id,
                resourceId=slot.resource_id,
                appointmentTypeId=kind.connect_id,
                startDateTime=slot.starts_at.isoformat(),
                endDateTime=slot.ends_at.isoformat(),
            )
        availability.drop(
            self.organisation,
            calendar_connect_id=self.snapshot.calendar(self.filled["calendar"]).connect_id,
            starts_at=slot.starts_at,
        )

    def made_for(self, row):
        """What the row's lead has at Connect, made through its API."""
        lead = Booking.objects.select_related("lead").get(pk=row.booking_id).lead
        every = self.sandbox.bookings("connect")
        return [one for one in every if one["leadId"] == lead.connect_id]
