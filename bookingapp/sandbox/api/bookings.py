"""Booking and cancelling (contract section 5.3)."""

from __future__ import annotations

from typing import Any

from bookingapp.sandbox import seats, wire
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.errors import Refusal, invalid
from bookingapp.sandbox.models import Booking, Lead
from bookingapp.sandbox.switches import board

LINKS = ("entryId", "tableEntryId")
FIELDS = frozenset(
    {"calendarId", "startDateTime", "endDateTime", "resourceId", "appointmentTypeId",
        "resourceSlotId", "scheduleTypeId", "scheduleTypeSlotId", "name"}
)  # fmt: skip


def create_exists(call: Call) -> None:
    """404 for every unknown or foreign id that the body names."""
    catalogue = call.catalogue
    for name, rows, noun in (
        ("calendarId", catalogue.calendars, "Calendar"),
        ("resourceId", catalogue.resources, "Resource"),
        ("appointmentTypeId", catalogue.types, "Appointment type"),
        ("resourceSlotId", catalogue.slots, "Resource slot"),
    ):
        if isinstance(call.body.get(name), str):
            call.known(rows, call.body[name], noun)
    call.found = _linked_lead(call)


def create_check(call: Call) -> None:
    linked = board["booking.link_field"]
    call.refuse_unknown(FIELDS | (frozenset(LINKS) if linked == "either" else {linked}))
    call.text("calendarId", required=True)
    is_planner = board["org.mode"] == "planner"
    for name in ("resourceId", "appointmentTypeId"):
        call.text(name, required=is_planner)
    for name in ("resourceSlotId", "scheduleTypeId", "scheduleTypeSlotId", "name", *LINKS):
        call.text(name)
    _check_link(call)
    _check_times(call)


def create(call: Call) -> Any:
    booking = seats.take(
        call.catalogue, wish(call), now=call.now, source="connect", token_id=call.token.id
    )
    return wire.booking(call.catalogue, booking)


def wish(call: Call) -> seats.Wish:
    """What the body asks for; its ids were checked before."""
    catalogue = call.catalogue
    return seats.Wish(
        calendar=catalogue.calendars[call.text("calendarId", required=True)],
        resource=catalogue.resources.get(call.text("resourceId")),
        type=catalogue.types.get(call.text("appointmentTypeId")),
        starts_at=call.moment("startDateTime"), ends_at=call.moment("endDateTime"),
        slot_id=call.text("resourceSlotId"), lead=call.found, name=call.text("name"),
        schedule_type=call.text("scheduleTypeId"),
        schedule_type_slot=call.text("scheduleTypeSlotId"),
    )  # fmt: skip


def delete_exists(call: Call) -> None:
    mine = Booking.objects.filter(organisation_id=call.token.organisation_id)
    call.found = mine.select_related("lead").filter(pk=call.key).first()
    if call.found is None:
        raise Refusal(404, "Booking not found")


def delete(call: Call) -> Any:
    seats.give_back(call.catalogue, call.found, now=call.now, token_id=call.token.id)


def _linked_lead(call: Call) -> Lead | None:
    names = LINKS if board["booking.link_field"] == "either" else (board["booking.link_field"],)
    key = next((call.body[name] for name in names if call.body.get(name)), None)
    if not isinstance(key, str):
        return None
    lead = Lead.objects.filter(organisation_id=call.token.organisation_id, pk=key).first()
    if lead is None:
        raise Refusal(404, "Lead not found")
    return lead


def _check_link(call: Call) -> None:
    if board["booking.link_field"] == "either" or board["booking.wrong_link_field"] == "ignore":
        return
    for name in LINKS:
        if name in call.body and name != board["booking.link_field"]:
            raise invalid(f"property {name} should not exist")


def _check_times(call: Call) -> None:
    starts_at, ends_at = call.moment("startDateTime"), call.moment("endDateTime")
    rule = board["booking.validate_times"]
    if rule != "off" and ends_at <= starts_at:
        raise invalid("endDateTime must be after startDateTime")
    if rule == "strict" and starts_at < call.now:
        raise invalid("startDateTime must be in the future")
