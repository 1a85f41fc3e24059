"""The tables of the desk."""

from bookingapp.domain.models.audit import AuditEvent, AuditValues
from bookingapp.domain.models.batch import BulkMove, BulkMoveRow, ImportRow, LeadImport
from bookingapp.domain.models.booking import Booking, Gone
from bookingapp.domain.models.call_tally import CallTally, LastAnswer
from bookingapp.domain.models.catalogue import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    PoolState,
    Resource,
)
from bookingapp.domain.models.former_role import FormerRole
from bookingapp.domain.models.hook import Delivery, HookSecret, HookSettings
from bookingapp.domain.models.invitation import Invitation
from bookingapp.domain.models.lead import Lead, LeadTerm
from bookingapp.domain.models.lead_history import LeadEvent
from bookingapp.domain.models.organisation import Organisation, Role
from bookingapp.domain.models.person import PoolView, Preference, ProvenEmail
from bookingapp.domain.models.rereading import Rereading
from bookingapp.domain.models.rescue import Rescue, RescueRow
from bookingapp.domain.models.search_key import SearchKey
from bookingapp.domain.models.token import Token
from bookingapp.domain.models.waiting import WaitingMark
from bookingapp.domain.models.write import Attempt, Write

__all__ = [
    "AppointmentType",
    "Attempt",
    "AuditEvent",
    "AuditValues",
    "Blocker",
    "Booking",
    "BulkMove",
    "BulkMoveRow",
    "Calendar",
    "CallTally",
    "Delivery",
    "FormerRole",
    "Gone",
    "HookSecret",
    "HookSettings",
    "ImportRow",
    "Invitation",
    "LastAnswer",
    "Lead",
    "LeadEvent",
    "LeadImport",
    "LeadPool",
    "LeadState",
    "LeadTerm",
    "Organisation",
    "PoolState",
    "PoolView",
    "Preference",
    "ProvenEmail",
    "Rereading",
    "Rescue",
    "RescueRow",
    "Resource",
    "Role",
    "SearchKey",
    "Token",
    "WaitingMark",
    "Write",
]
