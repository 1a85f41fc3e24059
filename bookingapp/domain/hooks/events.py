"""An automation event that a flow sent, applied (contract 6.1)."""

from __future__ import annotations

from datetime import datetime

from bookingapp.domain.hooks import bookings, leads, settle
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.telling import OF_LEADS, OF_STANDING, Event, LeadFacts, Telling
from bookingapp.domain.models import Lead, Organisation

SOURCE = "hook"


def apply(organisation: Organisation, telling: Telling, *, now: datetime, outcome: Outcome) -> None:
    # Without a name an event is what it tells of: a lead.
    is_lead = telling.event in OF_LEADS or not (telling.name or telling.booking)
    if not is_lead and (telling.event == Event.OTHER or telling.booking is None):
        outcome.is_ignored = True
        outcome.problem = "no_booking" if telling.event else "no_event"
        return
    if telling.lead is not None:
        _lead(organisation, telling, telling.lead, now=now, outcome=outcome)
    elif is_lead:
        outcome.is_ignored, outcome.problem = True, "no_lead"
    if telling.booking is None or is_lead:
        return
    act = bookings.stands if telling.event in OF_STANDING else bookings.deleted
    act(organisation, telling.booking, telling, now=now, outcome=outcome)


def _lead(
    organisation: Organisation,
    telling: Telling,
    facts: LeadFacts,
    *,
    now: datetime,
    outcome: Outcome,
) -> None:
    known = Lead.objects.filter(organisation=organisation, connect_id=facts.connect_id).first()
    is_about_it = telling.event in OF_LEADS or telling.booking is None
    if known is not None and not is_about_it and facts.updated_at is None:
        # An appointment's event comes when it starts, too: how its lead stood then is not known.
        outcome.lead = known
        return
    lead = leads.hear(organisation, facts, source=SOURCE, now=now, outcome=outcome)
    settle.creation(lead, telling, now=now, outcome=outcome)
    settle.move(lead, telling, now=now, outcome=outcome)
