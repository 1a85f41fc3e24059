"""Availability (contract section 5.4)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import msgspec

from bookingapp.connect.calls import Call
from bookingapp.connect.instants import wire_time
from bookingapp.connect.paths import query
from bookingapp.connect.types.availability import Availability
from bookingapp.connect.wire import read_as

AVAILABILITY = "/connect/availability/"

_read_availability = partial(read_as, msgspec.json.Decoder(Availability), bare="data")


def get_availability(
    *,
    calendar_id: str,
    appointment_type_id: str,
    start: datetime,
    end: datetime,
    resource_id: str | None = None,
    include_unavailable: bool | None = True,
    step_length: int | None = None,
) -> Call[Availability]:
    """The slots between two instants, of one resource or of all.

    ``include_unavailable`` is always sent unless None, as the documents disagree about its default;
    the unit of ``step_length`` is not documented. ``ValueError`` for a naive time.
    """
    flag = None if include_unavailable is None else str(include_unavailable).lower()
    members = query(
        calendarId=calendar_id,
        appointmentTypeId=appointment_type_id,
        start=wire_time(start),
        end=wire_time(end),
        resourceId=resource_id,
        includeUnavailable=flag,
        stepLength=None if step_length is None else str(step_length),
    )
    return Call("get_availability", "GET", AVAILABILITY, _read_availability, query=members)
