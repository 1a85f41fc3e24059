"""A desk in one process beside the sandbox: for each case a new lead with a booking of its own."""

import time
import uuid
from contextlib import suppress
from datetime import timedelta

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import availability, catalogue, gateway, lead_mirror, lead_moves
from bookingapp.domain.errors import SlotGone
from bookingapp.domain.models import Booking, Lead, LeadPool, Organisation, Token
from tests.domain.change_world import ChangeWorld
from tests.support.waiting import wait_for

REAL_NOW = timezone.now
LEADS_KEPT = 40


class Clock:
    """Everybody's time, moved on instead of waited for."""

    def __init__(self):
        self.seconds = 0.0
        timezone.now = self.now

    def now(self):
        return REAL_NOW() + timedelta(seconds=self.seconds)

    def epoch(self):
        return time.time() + self.seconds

    def reach(self, instant):
        rest = (instant - self.now()).total_seconds()
        self.seconds += max(rest, 0.0) + 0.001


class Place(ChangeWorld):
    def __init__(self, sandbox):
        catalogue.refresh_soon = lambda *_, **__: None
        self.clock = Clock()
        self._keep_time()
        sandbox.reset()
        super().__init__(sandbox)
        pool = next(pool for pool in self.snapshot.pools if pool.default_state)
        self.pool = LeadPool.objects.get(pk=pool.pk)
        self.own, self.other, *_ = (state.connect_id for state in pool.states)
        self.layouts = dict(self._layouts())
        self.turn = 0

    def _keep_time(self):
        real = gateway._build

        def build(organisation):
            client = real(organisation)
            client._guard._clock = self.clock.epoch
            # Reads are repeated at once.
            client._sleep = lambda seconds: None
            return client

        gateway._build = build

    # -- one case --------------------------------------------------------------------------

    def begin(self, case, way):
        """A lead with a booking at the old place; nothing else has ever happened."""
        self.clock.seconds = 0.0
        cache.clear()
        availability.forget()
        Organisation.objects.update(paused_reason="", paused_scope="", paused_at=None)
        self.policy(
            later_limit=3,
            reschedule_order=way.order,
            transient_state=self.other if case.marks and way.kind == "reschedule" else "",
            cancel_state=self.other if case.marks and way.kind == "cancel" else "",
        )
        self.turn += 1
        found = self.layouts[way.layout]
        self.old, self.new, self.beside = found[self.turn % len(found)]
        if self.turn % LEADS_KEPT == 0:
            # What lists them all stays quick.
            self.sandbox.reset()
        self.lead = self._new_lead()
        if way.found_late:
            self._look()
        self.booking = self._stands()
        if not way.found_late:
            availability.forget()
            cache.clear()

    def ask_for(self, way):
        if way.kind == "reschedule":
            return wait_for(self._move, what="a grid that can be read")
        if way.kind == "cancel":
            return self.ask_cancel(self.booking)
        now = timezone.now()
        more = {"intent": uuid.uuid4(), "now": now, "hold_seconds": 0}
        return lead_moves.ask(self.organisation, self.staff, self.lead, self.other, **more)

    def _move(self):
        # A busy machine may take longer than a call may take here.
        with suppress(SlotGone):
            return self.ask_move(self.booking, self.new)

    def clean(self, *, faults, tokens, strangers):
        """As if nobody had ever come: of what there may be by now."""
        if faults:
            self.sandbox.clear_faults()
        if tokens:
            self.good_tokens()
        if strangers:
            self.free_places()
        for row in self.sandbox.bookings("connect"):
            self.sandbox.cancel(row["id"])

    def take_new(self):
        """Others take the new place, as far as it is free, but nothing of the old one."""
        self._take(self.new if self.beside is None else self.beside)

    def take_old(self):
        self._take(self.old)

    def _take(self, offer):
        calendar, kind, slot = offer
        for _ in range(slot.capacity - slot.booked):
            self.sandbox.book(
                calendarId=calendar.connect_id,
                resourceId=slot.resource_id,
                appointmentTypeId=kind.connect_id,
                startDateTime=slot.starts_at.isoformat(),
                endDateTime=slot.ends_at.isoformat(),
            )

    def free_places(self):
        """Who had taken them gives them up again."""
        for source in ("console", "stolen"):
            for row in self.sandbox.bookings(source):
                self.sandbox.cancel(row["id"])

    def stranger_deletes(self):
        if any(row["id"] == self.booking.connect_id for row in self.sandbox.bookings("connect")):
            self.sandbox.cancel(self.booking.connect_id)

    def lead_state(self):
        """The lead's state as the sandbox has it."""
        return next(
            row["leadStateId"] for row in self.sandbox.leads() if row["id"] == self.lead.connect_id
        )

    def revoke(self, labels):
        for label in labels:
            self.sandbox.revoke(label, self.organisation.name)

    def good_tokens(self):
        for label in ("write", "admin"):
            self.sandbox.restore(label, self.organisation.name)
        ours = Token.objects.filter(organisation=self.organisation)
        ours.update(rejected_at=None, scope=F("label"))

    # -- making it -------------------------------------------------------------------------

    def _new_lead(self):
        now = timezone.now()
        lead = Lead.objects.create(
            organisation=self.organisation, pool=self.pool, name="Änne Fall", phone="0170 1234567",
            created_by=self.staff, created_at=now, known_at=now,
        )  # fmt: skip
        table = self.pool.connect_id
        call = connect.create_lead(table_id=table, lead_state_id=self.own, data={"name": "Änne"})
        told = gateway.send(self.organisation, call)
        return lead_mirror.created(lead, told, write=None, now=now)

    def _look(self):
        calendar, kind, _ = self.new
        availability.fetch(self.organisation, self.window(calendar, kind), now=timezone.now())

    def _stands(self):
        calendar, kind, slot = self.old
        call = connect.create_booking(
            calendar_id=calendar.connect_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            resource_id=slot.resource_id,
            appointment_type_id=kind.connect_id,
            resource_slot_id=slot.resource_slot_id,
            lead_id=self.lead.connect_id,
            link_field=connect.LinkField("entryId"),
            name=None,
        )
        made = gateway.send(self.organisation, call)
        return Booking.objects.create(
            organisation=self.organisation,
            connect_id=made.id,
            lead=self.lead,
            calendar=self.organisation.calendar_set.get(connect_id=calendar.connect_id),
            resource=self.organisation.resource_set.get(connect_id=slot.resource_id),
            appointment_type=self.organisation.appointmenttype_set.get(connect_id=kind.connect_id),
            slot_connect_id=slot.resource_slot_id or "",
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            booked_by=self.staff,
            booked_at=timezone.now(),
        )

    def _layouts(self):
        """Layout -> pairs of places (old, new), each of one calendar and type."""
        weeks = {}
        for offer in self.offers():
            weeks.setdefault((offer[0].pk, offer[1].pk), []).append(offer)
        for layout, lies in LAYOUTS.items():
            pairs = (list(_pairs(week, lies)) for week in sorted(weeks.values(), key=len))
            enough = next(filter(None, pairs), None)
            assert enough, f"the sandbox has nothing {layout}"
            yield layout, enough


def _pairs(week, lies, *, most=6):
    """(old, new, beside): beside meets the new place but not the old where those two overlap."""
    found = 0
    for old in week:
        if (old[2].capacity, old[2].booked) != (1, 0) and lies is not _several_seats:
            continue
        new = next((other for other in week if lies(old[2], other[2])), None)
        if new is None:
            continue
        beside = None
        if lies is _one_seat:
            others = [other for other in week if _beside(old[2], new[2], other[2])]
            if not others:
                continue
            # The farther, the surer that the old one's buffer is not met either.
            beside = max(others, key=lambda other: other[2].starts_at)
        yield old, new, beside
        found += 1
        if found == most:
            return


def _beside(old, new, other):
    return _meets(new, other) and other.starts_at >= old.ends_at


def _elsewhere(old, new):
    # At another time: two bookings of one time are doubled in the sandbox's eyes, even while the
    # desk says that it waits for somebody to decide between them.
    return old.resource_id != new.resource_id and old.starts_at != new.starts_at


def _apart(old, new):
    return _elsewhere(old, new) and (new.capacity, new.booked) == (1, 0)


def _shared(old, new):
    return _elsewhere(old, new) and new.capacity > new.booked > 0


def _meets(old, new):
    same = old.resource_id == new.resource_id
    return same and old.starts_at < new.starts_at < old.ends_at


def _one_seat(old, new):
    return _meets(old, new) and (new.capacity, new.booked) == (1, 0)


def _several_seats(old, new):
    free = min(old.capacity - old.booked, new.capacity - new.booked)
    return _meets(old, new) and free > 1


LAYOUTS = {
    "apart": _apart,
    "shared": _shared,
    "one seat": _one_seat,
    "several seats": _several_seats,
}
