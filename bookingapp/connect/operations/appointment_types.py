"""Appointment types, and which resources do them (contract section 5.5)."""

from __future__ import annotations

from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.paths import item, query
from bookingapp.connect.types.catalogue import AppointmentType, AppointmentTypeResourceMapping
from bookingapp.connect.wire import read_list, read_one

APPOINTMENT_TYPES = "/connect/appointment_types/"
RESOURCE_MAPPINGS = "/connect/appointment_type_resource_mappings/"


def list_appointment_types() -> Call[tuple[AppointmentType, ...]]:
    """All appointment types of the organisation."""
    read = partial(read_list, AppointmentType)
    return Call("list_appointment_types", "GET", APPOINTMENT_TYPES, read)


def get_appointment_type(appointment_type_id: str) -> Call[AppointmentType]:
    """One appointment type."""
    path = item(APPOINTMENT_TYPES, appointment_type_id)
    return Call("get_appointment_type", "GET", path, partial(read_one, AppointmentType))


def list_appointment_type_resource_mappings(
    appointment_type_id: str | None = None,
) -> Call[tuple[AppointmentTypeResourceMapping, ...]]:
    """Which resource does which appointment type."""
    read = partial(read_list, AppointmentTypeResourceMapping, appointmentTypeId=appointment_type_id)
    return Call(
        "list_appointment_type_resource_mappings",
        "GET",
        RESOURCE_MAPPINGS,
        read,
        query=query(appointmentTypeId=appointment_type_id),
    )
