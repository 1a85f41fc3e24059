"""The catalogue: calendars, resources, appointment types, blockers and lead pools of Connect.

``snapshot`` for everybody who looks; ``refresh`` and its relatives for whoever keeps it true.
"""

from bookingapp.domain.catalogue.items import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    Resource,
    Snapshot,
)
from bookingapp.domain.catalogue.refreshing import refresh, refresh_soon, refresh_stale
from bookingapp.domain.catalogue.snapshots import snapshot

__all__ = [
    "AppointmentType",
    "Blocker",
    "Calendar",
    "LeadPool",
    "LeadState",
    "Resource",
    "Snapshot",
    "refresh",
    "refresh_soon",
    "refresh_stale",
    "snapshot",
]
