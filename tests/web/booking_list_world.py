"""Bookings as rows, made without a Connect: the list only reads them."""

import uuid
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from bookingapp.domain.models import Booking, Write
from bookingapp.domain.states import Kind, State
from tests.web.booking_world import BookingWorld

HOUR = timedelta(hours=1)


class ListWorld(BookingWorld):
    def booking(self, starts_at=None, *, minutes=30, lead=None, **fields):
        starts_at = starts_at or timezone.now() + 24 * HOUR
        return Booking.objects.create(
            **{
                "organisation": self.organisation,
                "connect_id": uuid.uuid4().hex,
                "lead": lead or self.lead,
                "calendar": self.calendar,
                "resource": self.anna,
                "appointment_type": self.talk,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=minutes),
                "booked_by": self.staff,
                "booked_at": timezone.now() - 48 * HOUR,
                **fields,
            }
        )

    def cancelled(self, starts_at=None, *, person=None, reason="no_show", note="", **fields):
        row = self.booking(starts_at, **fields)
        payload = {"reason": reason, "note": note, "zone": "Europe/Berlin"}
        write = self.change(row, Kind.CANCEL, State.DONE, payload, person=person)
        Booking.objects.filter(pk=row.pk).update(
            gone_at=timezone.now(), gone_as="cancelled", gone_reason=reason, gone_by=write
        )
        return row

    def moved(self, starts_at, to, **fields):
        """The old row and the new one."""
        old, new = self.booking(starts_at, **fields), self.booking(to, **fields)
        Booking.objects.filter(pk=old.pk).update(
            gone_at=timezone.now(), gone_as="moved", moved_to=new
        )
        return old, new

    def payload(self, booking, *, starts_at=None):
        """As a move or a cancel of it keeps what it is about."""
        from bookingapp.domain.kinds import old_booking

        start = starts_at or booking.starts_at + 24 * HOUR
        slot = {
            "resourceId": booking.resource.connect_id,
            "startDateTime": start.isoformat(),
            "endDateTime": (start + HOUR).isoformat(),
            "maxParallelBookings": 1,
            "currentBookings": 0,
            "available": True,
        }
        return {
            "old": old_booking.keep(booking),
            "calendar_id": booking.calendar.connect_id,
            "type_id": booking.appointment_type.connect_id,
            "zone": booking.calendar.zone,
            "slot": {"slot": slot, "seen": {}},
        }

    def change(self, booking, kind, state, payload, *, person=None, **fields):
        now = timezone.now()
        return Write.objects.create(
            organisation=self.organisation,
            kind=kind,
            intent=uuid.uuid4(),
            digest="d",
            person=person or self.staff,
            lead=booking.lead,
            about=booking,
            state=state,
            payload=payload,
            created_at=now,
            changed_at=now,
            **fields,
        )


def at(day, hour, minute=0, *, month=11, year=2026):
    """An instant in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
