"""The shapes of answers: our rows as Connect's JSON (contract section 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookingapp.sandbox import contacts, instants
from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.models import Booking, Lead
from bookingapp.sandbox.offers import Offer, moment
from bookingapp.sandbox.switches import board

UNITS = {"minutes": 1.0, "seconds": 60.0, "hours": 1 / 60}
SPECIAL = {"email": "email", "phone": "phone", "firstName": "firstName", "lastName": "lastName"}


def lead(catalogue: Catalogue, row: Lead) -> dict[str, Any]:
    """A lead, as POST and PATCH answer it."""
    data, custom = contacts.placed(catalogue, row.data, row.custom_field_data)
    return {
        "id": row.id,
        "tableId": row.pool_id,
        "organizationId": row.organisation_id,
        "leadStateId": _state_id(catalogue, row),
        "archived": row.archived,
        "createdAt": stamp(row.created_at),
        "updatedAt": stamp(row.updated_at),
        "data": data,
        "customFieldData": custom,
        "firstOpenedAt": stamp(row.first_opened_at),
        "followUpDate": stamp(row.follow_up_at),
        "interestedInAppointmentTypeId": row.interested_in,
    }


def booking(catalogue: Catalogue, row: Booking) -> dict[str, Any]:
    """A booking, as POST answers it; members that do not apply are absent."""
    zone = catalogue.calendars[row.calendar_id].zone
    body: dict[str, Any] = {
        "id": row.id,
        "organizationId": row.organisation_id,
        "calendarId": row.calendar_id,
        "startDateTime": stamp(row.starts_at, zone),
        "endDateTime": stamp(row.ends_at, zone),
        "createdAt": stamp(row.created_at, zone),
        "resourceId": row.resource_id,
        "appointmentTypeId": row.appointment_type_id,
        "resourceSlotId": row.slot_id,
        "calendarScheduleTypeId": row.schedule_type,
        "calendarScheduleTypeSlotId": row.schedule_type_slot,
        "name": row.name,
    }
    body = {key: value for key, value in body.items() if value}
    if board.is_on("booking.include_deleted_at"):
        body["deletedAt"] = None
    return body | _linked_lead(catalogue, row)


def slot(offer: Offer, type_id: str, style: str, zone: str) -> dict[str, Any]:
    """One slot of an availability answer (section 5.4)."""
    return {
        "resourceId": offer.resource.id,
        "resourceName": offer.resource.name,
        "resourceColor": offer.resource.colour,
        "resourceSlotId": offer.slot.id,
        "appointmentTypeId": type_id,
        "startDateTime": instants.written(moment(offer.start), style, zone),
        "endDateTime": instants.written(moment(offer.end), style, zone),
        "maxParallelBookings": offer.capacity,
        "currentBookings": offer.taken,
        "available": offer.is_free,
    }


def stamp(value: datetime | None, zone: str = "Europe/Berlin") -> str | None:
    return None if value is None else instants.written(value, board["datetime.style"], zone)


def length(minutes: int) -> float:
    """A length in the unit that the switch `length.unit` asks for, whole where it can be."""
    value = minutes * UNITS[board["length.unit"]]
    return int(value) if value == int(value) else value


def _state_id(catalogue: Catalogue, row: Lead) -> str:
    if board["lead.foreign_state"] == "answer":
        shown = {one.state_id for one in catalogue.pool_states.get(row.pool_id, [])}
        return next((one for one in catalogue.states if one not in shown), row.state_id)
    return row.state_id


def _linked_lead(catalogue: Catalogue, row: Booking) -> dict[str, Any]:
    if row.lead is None:
        return {}
    data, _ = contacts.placed(catalogue, row.lead.data, row.lead.custom_field_data)
    state = catalogue.states[row.lead.state_id]
    seen = stamp(row.lead.updated_at)
    return {
        "tableEntryId": row.lead.id,
        "tableId": row.lead.pool_id,
        "tableEntryData": data,
        "tableSchemaFields": {key: _descriptor(key, seen) for key in data},
        "leadStateName": state.name,
        "leadStateColor": state.colour,
    }


def _descriptor(key: str, seen: str | None) -> dict[str, Any]:
    made = {"friendlyName": key, "type": "string", "frequency": 1, "lastSeen": seen,
        "isDeprecated": False}  # fmt: skip
    return made | ({"specialType": SPECIAL[key]} if key in SPECIAL else {})
