"""An organisation connected to the running sandbox, and short ways to book in it."""

import json
import subprocess
import uuid
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import availability, bookings, catalogue, lead_mirror, provisioning, runner
from bookingapp.domain.models import Lead, Organisation, Write
from bookingapp.domain.slots import SlotRef, is_open
from tests.support import weeks
from tests.support.rows import put_back
from tests.support.sandbox import sandbox_environment
from tests.support.waiting import wait_for


@cache
def document(folder, port):
    import sys

    command = [sys.executable, "-m", "bookingapp.sandbox"]
    url = f"http://127.0.0.1:{port}"
    return [
        subprocess.run(
            [*command, *arguments, "--data", str(folder)],
            capture_output=True,
            check=True,
            env=sandbox_environment(),
        ).stdout
        for arguments in (["provisioning", "--url", url], ["leads"])
    ]


class World:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        put_back((sandbox.folder, sandbox.port), self._make)
        self.organisation = Organisation.objects.order_by("name").first()
        self.staff = get_user_model().objects.get(username="staff")
        self.lead = Lead.objects.get()
        self.snapshot = catalogue.snapshot(self.organisation)
        self.sandbox.forget_calls()

    def _make(self):
        provisioned, lines = document(self.sandbox.folder, self.sandbox.port)
        list(provisioning.apply(provisioning.read(provisioned), now=timezone.now()))
        organisation = Organisation.objects.order_by("name").first()
        for line in lines.splitlines():
            told = json.loads(line)
            if organisation.leadpool_set.filter(connect_id=told["tableId"]).exists():
                lead_mirror.adopt(organisation, told, now=timezone.now())
                return
        raise AssertionError("no lead in the first organisation")

    def window(self, calendar, kind):
        return availability.window_for(self.organisation, calendar, kind, weeks.next_monday())

    def offers(self, *, capacity=None, booked=None):
        """(calendar, type, slot) of next week that are open, most telling first."""
        for calendar in self.snapshot.calendars:
            for kind in self.snapshot.types_for(calendar.pk):
                reading = availability.read(
                    self.organisation,
                    self.window(calendar, kind),
                    now=timezone.now(),
                    patience_seconds=5,
                )
                yield from _day_by_day(
                    (calendar, kind, slot)
                    for slot in reading.slots
                    if capacity in {None, slot.capacity}
                    and booked in {None, slot.booked}
                    and is_open(slot, timezone.now())
                )

    def offer(self, **wanted):
        found = next(self.offers(**wanted), None)
        assert found, f"the sandbox offers nothing with {wanted}"
        return found

    def ask(self, offer=None, *, lead=None, intent=None, anyone=False, **more):
        calendar, kind, slot = offer or self.offer(capacity=1, booked=0)
        resource = self.snapshot.resource_by_connect_id(slot.resource_id)
        asked = bookings.Asked(
            intent=intent or uuid.uuid4(),
            calendar_pk=calendar.pk,
            type_pk=kind.pk,
            ref=SlotRef(slot.starts_at, resource.pk),
            lead=lead or self.lead,
            anyone=anyone,
            **more,
        )
        self.sandbox.forget_calls()
        return bookings.ask(self.organisation, self.staff, asked, now=timezone.now())[0]

    def step(self, write, *, after=0.0):
        """One step of ``write`` as a worker would take it, ``after`` seconds from now."""
        runner.run(write.pk, now=timezone.now() + timedelta(seconds=after))
        return Write.objects.get(pk=write.pk)

    def settle(self, write):
        """Steps until nothing is due any more within the next minute. Connect's own waits
        (Retry-After) pass in real time.
        """
        return wait_for(lambda: self._rested(write), 60, what=f"{write} at rest")

    def _rested(self, write):
        now = self.step(write, after=settings.SETTLE_SECONDS + 60)
        return now if now.due_at is None else None

    def posts(self):
        return self.sandbox.calls("POST", "/connect/calendar_bookings/")

    def lead_posts(self):
        return self.sandbox.calls("POST", "/connect/table_entries/")

    def known_lead(self):
        return Lead.objects.get(pk=self.lead.pk)


def _day_by_day(offers):
    """Offers that follow each other are of different days, so that they cannot be in each other's
    way: neither for a lead, who is booked once at a time, nor for a resource.
    """
    met, turns = {}, []
    for offer in offers:
        day = offer[2].starts_at.date()
        met[day] = met.get(day, 0) + 1
        turns.append((met[day], day, offer))
    return [offer for *_, offer in sorted(turns, key=lambda one: one[:2])]
