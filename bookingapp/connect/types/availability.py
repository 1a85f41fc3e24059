"""Slots and the answer that holds them (contract section 5.4)."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct, field

from bookingapp.connect.instants import keep_utc

from .base import Id, optional, text, wire


class Slot(Struct, frozen=True, kw_only=True, gc=False):
    """A bookable interval of one resource, as Connect offered it. ``booked`` of ``capacity``."""

    resource_id: Id = wire("resourceId")
    starts_at: datetime = wire("startDateTime")
    ends_at: datetime = wire("endDateTime")
    capacity: int = wire("maxParallelBookings")
    booked: int = wire("currentBookings")
    available: bool
    resource_name: str = text("resourceName")
    resource_colour: str = text("resourceColor")
    resource_slot_id: Id | None = optional("resourceSlotId")
    appointment_type_id: Id | None = optional("appointmentTypeId")

    def __post_init__(self) -> None:
        # Asked here first because a week has 1,400 of these, nearly all in UTC already.
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            keep_utc(self, "starts_at", "ends_at")


class AvailabilityMeta(Struct, frozen=True, kw_only=True):
    """About the appointment type asked for. The lengths' unit is not documented (section 3.3)."""

    appointment_type_name: str = text("appointmentTypeName")
    default_booking_length: float | None = optional("defaultBookingLength")
    buffer_after: float | None = optional("bufferAfter")
    dynamic_length: bool = field(default=False, name="dynamicLength")


class Availability(Struct, frozen=True, kw_only=True):
    """The slots for one question, full ones included; filter on ``Slot.available``."""

    slots: tuple[Slot, ...] = wire("data")
    meta: AvailabilityMeta = field(default_factory=AvailabilityMeta)
