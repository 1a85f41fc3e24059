"""The sandbox as RocketLead at its worst: every event twice, late and out of order."""

from datetime import timedelta

import httpx
import pytest
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import catalogue, lead_mirror
from bookingapp.domain.hooks import guide, secrets
from bookingapp.domain.hooks.telling import Event
from bookingapp.domain.models import Booking, Delivery, Lead
from tests.domain.change_world import ChangeWorld
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Others:
    """Somebody else at Connect, and somebody at the console."""

    def __init__(self, world):
        self.sandbox, self.name = world.sandbox, world.organisation.name
        secret = self.sandbox.mint(self.name, "others", "admin")
        headers = {"Authorization": f"Bearer {secret}"}
        self.http = httpx.Client(base_url=self.sandbox.url, headers=headers, timeout=30)

    def create(self, pool, name):
        body = {"tableId": pool.connect_id, "leadStateId": pool.default_state.connect_id,
                "data": {"name": name, "phone": "+49 30 123"}}  # fmt: skip
        return self.http.post("/connect/table_entries/", json=body).json()["id"]

    def move(self, lead_id, state):
        changes = {"leadStateId": state.connect_id}
        assert self.http.patch(f"/connect/table_entries/{lead_id}", json=changes).is_success

    def book(self, offer, lead_id):
        calendar, kind, slot = offer
        return self.sandbox.book(
            calendarId=calendar.connect_id, resourceId=slot.resource_id,
            appointmentTypeId=kind.connect_id, startDateTime=slot.starts_at.isoformat(),
            endDateTime=slot.ends_at.isoformat(), leadId=lead_id,
        )["id"]  # fmt: skip


@pytest.fixture
def world(sandbox, monkeypatch):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def listen(world, live_server):
    secret = secrets.make(world.organisation, person=world.staff, now=timezone.now())
    place = {"slug": world.organisation.slug, "secret": secret}
    world.sandbox.switch(
        **{
            "flow.http.url": live_server.url + reverse("hook-events", kwargs=place),
            "flow.http.organisation": world.organisation.name,
            "flow.http.template": guide.template(world.organisation, Event.OTHER, "t"),
            "flow.http.duplicate": 1,
            "flow.http.delay": 60,
            "flow.http.reorder": "on",
        }
    )


def apart(world, number):
    """So many offers of which none is in the way of another."""
    found = []
    for offer in world.offers(capacity=1, booked=0):
        starts_at = offer[2].starts_at
        if not found or starts_at - found[-1][2].ends_at > timedelta(hours=2):
            found.append(offer)
        if len(found) == number:
            return found
    raise AssertionError("too few offers")


def delivered(world, events):
    sent = world.sandbox.ask("GET", "deliveries")
    return len(sent) == 2 * events and all(one["status"] is not None for one in sent)


def test_the_mirror_ends_as_the_sandbox_says(world, live_server):
    offers = apart(world, 3)
    listen(world, live_server)
    others = Others(world)
    pool = next(pool for pool in world.snapshot.pools if pool.default_state and pool.states[2:])
    ada, bo = others.create(pool, "Ada „Neu“"), others.create(pool, "Bo")
    for state in (*pool.states[1:3], pool.states[0]):
        others.move(ada, state)
    others.move(bo, pool.states[1])
    made = [others.book(offer, ada) for offer in offers]
    world.sandbox.cancel(made[1])
    wait_for(lambda: delivered(world, 12), 60, what="all events delivered")
    assert {one["status"] for one in world.sandbox.ask("GET", "deliveries")} == {200}

    told = {row["id"]: row for row in world.sandbox.leads() if row["id"] in {ada, bo}}
    for lead in Lead.objects.filter(connect_id__in=told):
        row = told.pop(lead.connect_id)
        assert (lead.state_connect_id, lead.board_state) == (row["leadStateId"],) * 2
        assert (lead.data, lead.pool.connect_id) == (row["data"], row["tableId"])
    assert told == {}
    standing = {row["id"] for row in world.sandbox.bookings("console")}
    mirrored = Booking.objects.filter(connect_id__in=made)
    assert set(mirrored.filter(gone_at=None).values_list("connect_id", flat=True)) == standing
    assert (mirrored.count(), mirrored.get(connect_id=made[1]).gone_as) == (3, "elsewhere")
    assert all(one.times == 2 for one in Delivery.objects.all())


def test_our_own_writes_told_back_change_nothing(world, live_server):
    listen(world, live_server)
    booking, _ = world.booked()
    cancel = world.settle(world.ask_cancel(booking))
    assert cancel.state == "done"
    wait_for(lambda: delivered(world, 2), 60, what="all events delivered")
    booking.refresh_from_db()
    assert (Booking.objects.count(), booking.gone_as, booking.gone_by) == (1, "cancelled", cancel)
    before = Lead.objects.count()
    lead_mirror.adopt(world.organisation, {"id": world.lead.connect_id}, now=timezone.now())
    assert Lead.objects.count() == before
