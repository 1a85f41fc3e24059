"""An organisation with a catalogue, leads and bookings in our tables, at a fixed moment."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model

from bookingapp.domain.models import (
    AppointmentType,
    Booking,
    Calendar,
    Gone,
    Lead,
    LeadPool,
    Organisation,
    Resource,
    WaitingMark,
)
from tests.domain.availability_world import NINE, NOW, slot

TODAY = NOW.date()
BEFORE = NOW - timedelta(days=10)


class GapWorld:
    def __init__(self, name="Praxis"):
        self.organisation = Organisation.objects.create(
            name=name, slug=name.lower(), connect_url="https://connect.example", catalogue_at=NOW
        )
        self.staff = get_user_model().objects.create(username=f"staff-{name}", first_name="Kim")
        self.calendar = self.row(Calendar, "cal_1", "Nord", zone="Europe/Berlin")
        self.other_calendar = self.row(Calendar, "cal_2", "Süd", zone="Asia/Kathmandu")
        self.talk = self.row(AppointmentType, "apt_1", "Erstgespräch", length_minutes=30)
        self.other_type = self.row(AppointmentType, "apt_2", "Kontrolle", length_minutes=30)
        self.zoe = self.row(Resource, "res_1", "Zoë")
        for calendar in (self.calendar, self.other_calendar):
            calendar.resources.add(self.zoe)
        for kind in (self.talk, self.other_type):
            kind.resources.add(self.zoe)
        self.pool = self.row(LeadPool, "pool", "Anfragen")
        self.other_pool = self.row(LeadPool, "pool_2", "Archiv")

    def row(self, model, connect_id, name, **fields):
        return model.objects.create(
            organisation=self.organisation, connect_id=connect_id, name=name, **fields
        )

    def lead(self, name, *, interest="", pool=None, created_at=NOW, **fields):
        return Lead.objects.create(
            organisation=self.organisation,
            pool=pool,
            connect_id=f"lead-{uuid4().hex}",
            name=name,
            phone="+49 40 5551234",
            interested_in_connect_id=interest,
            created_at=created_at,
            known_at=NOW,
            **fields,
        )

    def booking(self, lead, starts_at, *, gone="", kind=None, booked_at=BEFORE, **fields):
        return Booking.objects.create(
            organisation=self.organisation,
            connect_id=f"booking-{uuid4().hex}",
            lead=lead,
            calendar=fields.pop("calendar", self.calendar),
            resource=self.zoe,
            appointment_type=kind or self.talk,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            booked_at=booked_at,
            gone_at=NOW if gone else None,
            gone_as=gone,
            **fields,
        )

    def freed(self, starts_at=NINE, *, lead=None, gone=Gone.CANCELLED):
        """The tombstone of a booking whose slot is free now."""
        return self.booking(lead or self.lead("Gave it up"), starts_at, gone=gone)

    def mark(self, lead, *, first=TODAY, last=TODAY + timedelta(days=7), since=NOW, **fields):
        return WaitingMark.objects.create(
            organisation=self.organisation,
            lead=lead,
            calendar=fields.pop("calendar", self.calendar),
            appointment_type=fields.pop("kind", self.talk),
            from_day=first,
            until_day=last,
            created_at=since,
            **fields,
        )


def at(day, hour, minute=0):
    """An instant (UTC) of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def free(starts_at=NINE, **fields):
    """The slot that Connect offers again."""
    return slot(starts_at, **{"capacity": 1, "booked": 0, **fields})
