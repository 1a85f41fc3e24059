"""An organisation with a small catalogue and no Connect, and short ways to tell it things."""

import json
from datetime import UTC, datetime, timedelta

from bookingapp.domain.hooks import inbox
from bookingapp.domain.models import (
    AppointmentType,
    Booking,
    Calendar,
    Delivery,
    Lead,
    LeadPool,
    LeadState,
    PoolState,
    Resource,
)
from tests.domain.catalogue_world import organisation

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
START = datetime(2026, 12, 1, 9, tzinfo=UTC)
STATES = ("ls_new", "ls_called", "ls_won")


def at(minutes=0):
    return (NOON + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


class HookWorld:
    def __init__(self):
        self.organisation = organisation()
        ours = {"organisation": self.organisation}
        self.pool = LeadPool.objects.create(**ours, connect_id="tbl_1", name="Neu")
        for position, name in enumerate(STATES):
            state = LeadState.objects.create(**ours, connect_id=name, name=name)
            PoolState.objects.create(
                pool=self.pool, state=state, position=position, default=position == 0
            )
        self.calendar = Calendar.objects.create(
            **ours, connect_id="cal_1", name="Nord", zone="Europe/Berlin"
        )
        self.resource = Resource.objects.create(**ours, connect_id="res_1", name="Zoë")
        self.type = AppointmentType.objects.create(**ours, connect_id="apt_1", name="Erstgespräch")

    def tell(self, body, *, way="events", now=NOON):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return inbox.receive(self.organisation, Delivery.Way(way), raw, now=now)

    def result(self, body, **more):
        received = self.tell(body, **more)
        return "repeated" if received.is_repeat else received.delivery.result

    def lead(self, connect_id="lead_1"):
        return Lead.objects.get(organisation=self.organisation, connect_id=connect_id)

    def mirror(self):
        """Everything that tellings are to bring about, whatever way they came."""
        leads = Lead.objects.filter(organisation=self.organisation).order_by("connect_id")
        bookings = Booking.objects.filter(organisation=self.organisation).order_by("connect_id")
        return (
            [
                (lead.connect_id, lead.state_connect_id, lead.board_state, lead.name, lead.data,
                 lead.follow_up_at, lead.told_at, lead.pool_id)
                for lead in leads
            ],
            [
                (one.connect_id, one.lead.connect_id if one.lead else "", one.starts_at,
                 one.gone_at, one.gone_as)
                for one in bookings
            ],
        )  # fmt: skip


def lead_event(name="leadState.changed", *, lead="lead_1", state="ls_new", minute=0, **more):
    return {
        "event": f"table.entry.{name}",
        "lead": {
            "id": lead,
            "poolId": "tbl_1",
            "stateId": state,
            "createdAt": at(0),
            "updatedAt": at(minute),
            **more,
        },
    }


def booking_event(name="booked", *, booking="bok_1", lead="lead_1", minute=0, **more):
    return {
        "event": f"calendar.appointment.{name}",
        "at": at(minute),
        "leadId": lead,
        "booking": {
            "id": booking,
            "calendarId": "cal_1",
            "resourceId": "res_1",
            "appointmentTypeId": "apt_1",
            "startDateTime": START.isoformat(),
            "endDateTime": (START + timedelta(minutes=30)).isoformat(),
            "createdAt": at(minute),
            **more,
        },
    }
