"""The RocketLead Connect client: pure calls and readers, and one file that talks.

``connect.Client(base_url).send(connect.list_calendars(), token=…)``. Times are aware UTC. All that
can go wrong is a ``ConnectError``. What we know of the API is in ``docs/connect-api.md``.
"""

from .addresses import LOOPBACK, Network, Reach, allowed, is_loopback_name, plain_name
from .breaker import BreakerPolicy
from .calls import Call
from .client import Client
from .deadlines import lookup
from .errors import (
    AddressRefused,
    CircuitOpen,
    Conflict,
    ConnectError,
    GatewayFailed,
    Missing,
    NotSent,
    RateLimited,
    Redirected,
    Refused,
    ScopeTooNarrow,
    ServerFailed,
    SlotTaken,
    Throttled,
    TokenRejected,
    Unreachable,
    Unreadable,
)
from .guard import Guard
from .operations.appointment_types import (
    get_appointment_type,
    list_appointment_type_resource_mappings,
    list_appointment_types,
)
from .operations.availability import get_availability
from .operations.bookings import LinkField, create_booking, delete_booking
from .operations.calendars import get_calendar, list_calendars
from .operations.lead_pools import get_lead_pool, list_lead_pools
from .operations.leads import create_lead, patch_lead
from .operations.resources import get_resource, list_resource_calendar_mappings, list_resources
from .operations.schedules import list_blockers, list_resource_slots
from .records import CallRecord
from .redaction import redact
from .replies import Reply
from .retries import next_delay
from .scopes import Scope, TokenInfo, choose_token
from .store import MemoryStore, Store
from .throttle import ThrottlePolicy
from .transport import Limits, Timeouts
from .types.availability import Availability, AvailabilityMeta, Slot
from .types.bookings import Booking
from .types.catalogue import (
    AppointmentType,
    AppointmentTypeResourceMapping,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    Resource,
    ResourceCalendarMapping,
    ResourceSlot,
)
from .types.leads import Lead, LeadChanges

__all__ = [
    "LOOPBACK",
    "AddressRefused",
    "AppointmentType",
    "AppointmentTypeResourceMapping",
    "Availability",
    "AvailabilityMeta",
    "Blocker",
    "Booking",
    "BreakerPolicy",
    "Calendar",
    "Call",
    "CallRecord",
    "CircuitOpen",
    "Client",
    "Conflict",
    "ConnectError",
    "GatewayFailed",
    "Guard",
    "Lead",
    "LeadChanges",
    "LeadPool",
    "LeadState",
    "Limits",
    "LinkField",
    "MemoryStore",
    "Missing",
    "Network",
    "NotSent",
    "RateLimited",
    "Reach",
    "Redirected",
    "Refused",
    "Reply",
    "Resource",
    "ResourceCalendarMapping",
    "ResourceSlot",
    "Scope",
    "ScopeTooNarrow",
    "ServerFailed",
    "Slot",
    "SlotTaken",
    "Store",
    "ThrottlePolicy",
    "Throttled",
    "Timeouts",
    "TokenInfo",
    "TokenRejected",
    "Unreachable",
    "Unreadable",
    "allowed",
    "choose_token",
    "create_booking",
    "create_lead",
    "delete_booking",
    "get_appointment_type",
    "get_availability",
    "get_calendar",
    "get_lead_pool",
    "get_resource",
    "is_loopback_name",
    "list_appointment_type_resource_mappings",
    "list_appointment_types",
    "list_blockers",
    "list_calendars",
    "list_lead_pools",
    "list_resource_calendar_mappings",
    "list_resource_slots",
    "list_resources",
    "lookup",
    "next_delay",
    "patch_lead",
    "plain_name",
    "redact",
]
