"""Bookings (contract section 5.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from msgspec import Struct

from bookingapp.connect.instants import keep_utc

from .base import Id, optional, text, wire


class Booking(Struct, frozen=True, kw_only=True):
    """An appointment record as Connect answered it.

    ``lead_id`` is None when the link did not take: check it against what was sent (section 10).
    """

    SPELLINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "lead_id": ("entryId",),
        "organisation_id": ("organisationId",),
        "lead_state_colour": ("leadStateColour",),
    }

    id: Id
    starts_at: datetime = wire("startDateTime")
    ends_at: datetime = wire("endDateTime")
    organisation_id: str = text("organizationId")
    calendar_id: str = text("calendarId")
    created_at: datetime | None = optional("createdAt")
    deleted_at: datetime | None = optional("deletedAt")
    lead_id: Id | None = optional("tableEntryId")
    table_id: Id | None = optional("tableId")
    lead_data: dict[str, Any] | None = optional("tableEntryData")
    # Describes the keys of the lead's pool; unchecked.
    schema_fields: Any = optional("tableSchemaFields")
    resource_id: Id | None = optional("resourceId")
    appointment_type_id: Id | None = optional("appointmentTypeId")
    resource_slot_id: Id | None = optional("resourceSlotId")
    name: str | None = None
    lead_state_name: str | None = optional("leadStateName")
    lead_state_colour: str | None = optional("leadStateColor")
    chain_booking_group_id: str | None = optional("chainBookingGroupId")

    def __post_init__(self) -> None:
        keep_utc(self, "starts_at", "ends_at", "created_at", "deleted_at")
