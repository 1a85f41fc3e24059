"""What the stand-in keeps, in its own SQLite file."""

from bookingapp.sandbox.models.leads import CustomField, Lead, LeadPool, LeadState, PoolState
from bookingapp.sandbox.models.organisations import Organisation, Token, World
from bookingapp.sandbox.models.planner import (
    AppointmentType,
    Blocker,
    Calendar,
    Resource,
    ResourceCalendar,
    ResourceSlot,
    TypeResource,
)
from bookingapp.sandbox.models.traffic import Booking, Event

__all__ = [
    "AppointmentType",
    "Blocker",
    "Booking",
    "Calendar",
    "CustomField",
    "Event",
    "Lead",
    "LeadPool",
    "LeadState",
    "Organisation",
    "PoolState",
    "Resource",
    "ResourceCalendar",
    "ResourceSlot",
    "Token",
    "TypeResource",
    "World",
]
