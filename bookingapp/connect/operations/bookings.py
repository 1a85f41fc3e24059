"""Bookings: ``calendar_bookings`` on the wire (contract section 5.3). None can be read back."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.failures import BOOKING_CALL
from bookingapp.connect.instants import wire_time
from bookingapp.connect.paths import item
from bookingapp.connect.types.bookings import Booking
from bookingapp.connect.wire import encode, read_one

BOOKINGS = "/connect/calendar_bookings/"

_read_booking = partial(read_one, Booking)


class LinkField(Enum):
    """The member that links a booking to its lead: the documents disagree (section 10)."""

    ENTRY_ID = "entryId"
    TABLE_ENTRY_ID = "tableEntryId"
    BOTH = "both"

    @property
    def names(self) -> tuple[str, ...]:
        return ("entryId", "tableEntryId") if self is LinkField.BOTH else (self.value,)


def create_booking(  # noqa: PLR0913 - the documented members, all by name
    *,
    calendar_id: str,
    starts_at: datetime,
    ends_at: datetime,
    resource_id: str,
    appointment_type_id: str,
    lead_id: str,
    resource_slot_id: str | None = None,
    link_field: LinkField = LinkField.ENTRY_ID,
    name: str | None = None,
) -> Call[Booking]:
    """Books a slot; take times and ids from the slot that was chosen. Not idempotent.

    ``SlotTaken`` when it filled up meanwhile. ``ValueError`` for a naive time. Check the reply's
    ``lead_id``: the link can fail without an error.
    """
    body = {
        "calendarId": calendar_id,
        "startDateTime": wire_time(starts_at),
        "endDateTime": wire_time(ends_at),
        "resourceId": resource_id,
        "appointmentTypeId": appointment_type_id,
        **dict.fromkeys(link_field.names, lead_id),
    }
    optional = {"resourceSlotId": resource_slot_id, "name": name}
    body |= {member: value for member, value in optional.items() if value is not None}
    return Call(BOOKING_CALL, "POST", BOOKINGS, _read_booking, body=encode(body))


def delete_booking(booking_id: str) -> Call[None]:
    """Cancels for good. ``Missing`` when it is gone already; needs the admin scope."""
    return Call("delete_booking", "DELETE", item(BOOKINGS, booking_id), _read_nothing)


def _read_nothing(_body: bytes) -> None:
    # 204 is documented; any other 2xx, with or without a body, says the same.
    return None
