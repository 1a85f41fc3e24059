"""How many automation events a change fires at RocketLead (contract 6.1). Pure.

Events, not messages: which flows listen cannot be seen from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bookingapp.domain.models import Lead, Organisation
from bookingapp.domain.policy import policy_of

# hasStarted and hasEnded are scheduled with every booking and dropped with it.
AT_APPOINTMENT = 2


@dataclass(frozen=True, slots=True)
class Consequence:
    """Events at once, events at the appointment, and scheduled ones that will not happen."""

    now: int
    at_appointment: int = 0
    dropped: int = 0


def of_booking(*, new_lead: bool) -> Consequence:
    """A new lead is two events: added, and its first state."""
    return Consequence(1 + (2 if new_lead else 0), AT_APPOINTMENT)


def of_cancel(organisation: Organisation, lead: Lead | None) -> Consequence:
    state = policy_of(organisation.settings).cancel_state
    return Consequence(1 + _change(lead, state), dropped=AT_APPOINTMENT)


def of_reschedule(organisation: Organisation, lead: Lead | None) -> Consequence:
    """Booked and deleted; a transient state is set and set back around them."""
    state = policy_of(organisation.settings).transient_state
    around = 2 * _change(lead, state) if lead and lead.state_connect_id else 0
    return Consequence(2 + around, AT_APPOINTMENT, AT_APPOINTMENT)


def of_lead_move(lead: Lead, to_state: str) -> Consequence:
    return Consequence(_change(lead, to_state))


def _change(lead: Lead | None, state: str) -> int:
    """A state that a lead has already fires nothing."""
    known = lead is not None and lead.connect_id
    return 1 if known and state and lead and lead.state_connect_id != state else 0
