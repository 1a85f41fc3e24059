"""What the grid hands to the panel beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookingapp.domain.catalogue import AppointmentType, Calendar, Resource
from bookingapp.domain.models import Organisation
from bookingapp.domain.slots import Slot, SlotRef


@dataclass(frozen=True, slots=True)
class PanelState:
    """The chosen cell, for the panel that books it.

    ``slots`` are its bookable slots, emptiest first: several when anyone will do (``resource``
    None), one for a resource. ``ref`` names the cell in the address ``query`` of the page.
    """

    organisation: Organisation
    calendar: Calendar
    appointment_type: AppointmentType
    resource: Resource | None
    ref: SlotRef
    slots: list[Slot]
    zone: ZoneInfo
    as_of: datetime | None
    query: str
