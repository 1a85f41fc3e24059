"""Reading leads and bookings: advertised, in no reference; behind `hidden_reads` (section 10)."""

from __future__ import annotations

from typing import Any

from bookingapp.sandbox import wire
from bookingapp.sandbox.api import leads as lead_writes
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.models import Booking, Lead
from bookingapp.sandbox.switches import board


def leads(call: Call) -> Any:
    rows = Lead.objects.filter(organisation_id=call.token.organisation_id).order_by("created_at")
    return _enveloped([wire.lead(call.catalogue, row) for row in rows])


def lead_exists(call: Call) -> None:
    call.found = lead_writes.find(call)


def lead(call: Call) -> Any:
    return wire.lead(call.catalogue, call.found)


def bookings(call: Call) -> Any:
    mine = Booking.objects.filter(organisation_id=call.token.organisation_id)
    rows = mine.select_related("lead").order_by("starts_at")
    return _enveloped([wire.booking(call.catalogue, row) for row in rows])


def booking(call: Call) -> Any:
    return wire.booking(call.catalogue, call.found)


def _enveloped(rows: list[Any]) -> Any:
    return {"data": rows} if board["list.envelope"] == "data" else rows
