"""The tables of the desk."""

from bookingapp.domain.models.audit import AuditEvent
from bookingapp.domain.models.booking import Booking
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
from bookingapp.domain.models.token import Token
from bookingapp.domain.models.write import Attempt, Write

__all__ = [
    "AppointmentType",
    "Attempt",
    "AuditEvent",
    "Blocker",
    "Booking",
    "Calendar",
    "Lead",
    "LeadPool",
    "LeadState",
    "LeadTerm",
    "Organisation",
    "PoolState",
    "Resource",
    "Role",
    "Token",
    "Write",
]
