"""The tables of the desk."""

from bookingapp.domain.models.audit import AuditEvent
from bookingapp.domain.models.booking import Booking, Gone
from bookingapp.domain.models.catalogue import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    PoolState,
    Resource,
)
from bookingapp.domain.models.lead import Lead, LeadTerm
from bookingapp.domain.models.organisation import Organisation, Role
from bookingapp.domain.models.person import Preference
from bookingapp.domain.models.rescue import Rescue, RescueRow
from bookingapp.domain.models.token import Token
from bookingapp.domain.models.waiting import WaitingMark
from bookingapp.domain.models.write import Attempt, Write

__all__ = [
    "AppointmentType",
    "Attempt",
    "AuditEvent",
    "Blocker",
    "Booking",
    "Calendar",
    "Gone",
    "Lead",
    "LeadPool",
    "LeadState",
    "LeadTerm",
    "Organisation",
    "PoolState",
    "Preference",
    "Rescue",
    "RescueRow",
    "Resource",
    "Role",
    "Token",
    "WaitingMark",
    "Write",
]
