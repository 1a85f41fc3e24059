"""``GET /connect/availability/`` (contract section 5.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bookingapp.sandbox import instants, offers, wire
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.errors import invalid
from bookingapp.sandbox.models import AppointmentType
from bookingapp.sandbox.switches import board

LONGEST = timedelta(days=92)  # no limit is documented; this one protects the stand-in
FLAGS = {"true": True, "1": True, "false": False, "0": False}


def exists(call: Call) -> None:
    """404 for an unknown calendar, type or resource that the query names."""
    catalogue = call.catalogue
    for name, rows, noun in (
        ("calendarId", catalogue.calendars, "Calendar"),
        ("appointmentTypeId", catalogue.types, "Appointment type"),
        ("resourceId", catalogue.resources, "Resource"),
    ):
        if call.query(name):
            call.known(rows, call.query(name), noun)


def act(call: Call) -> Any:
    question = _question(call)
    found = offers.ask(call.catalogue, question)
    found = [offer for offer in found if _is_listed(offer, everything=_everything(call))]
    style, zone = board["datetime.style"], question.calendar.zone
    return {
        "data": [wire.slot(offer, question.type.id, style, zone) for offer in found],
        "meta": _meta(question.type),
    }


def _question(call: Call) -> offers.Question:
    catalogue = call.catalogue
    calendar = catalogue.calendars[call.query("calendarId", required=True)]
    kind = catalogue.types[call.query("appointmentTypeId", required=True)]
    start = instants.read(call.query("start", required=True), "start")
    end = instants.read(call.query("end", required=True), "end")
    if not timedelta() < end - start <= LONGEST:
        raise invalid("end must be after start, by at most 92 days")
    resources = catalogue.resources_for(kind.id)
    if call.query("resourceId"):
        resources &= {call.query("resourceId")}
    return offers.Question(calendar, kind, frozenset(resources), int(start.timestamp()),
        int(end.timestamp()), _step_seconds(call, kind))  # fmt: skip


def _step_seconds(call: Call, kind: AppointmentType) -> int:
    raw = call.query("stepLength")
    if not raw:
        return kind.step_minutes * 60
    try:
        seconds = float(raw) / wire.UNITS[board["length.unit"]] * 60
    except ValueError:
        seconds = 0
    # The console snaps recurring slots to 5 minutes; so does the step.
    if not (0 < seconds <= 86_400 and seconds % 300 == 0):
        raise invalid("stepLength must be a positive multiple of 5 minutes")
    return int(seconds)


def _everything(call: Call) -> bool:
    raw = call.query("includeUnavailable")
    if not raw:
        return bool(board["availability.default"] == "all")
    if raw not in FLAGS:
        raise invalid("includeUnavailable must be true or false")
    return FLAGS[raw]


def _is_listed(offer: offers.Offer, *, everything: bool) -> bool:
    if offer.blocked and board["availability.blocked"] == "omitted":
        return False
    return everything or offer.is_free


def _meta(kind: AppointmentType) -> dict[str, Any]:
    return {
        "appointmentTypeName": kind.name,
        "defaultBookingLength": wire.length(kind.length_minutes),
        "bufferAfter": wire.length(kind.buffer_minutes),
        "dynamicLength": False,
    }
