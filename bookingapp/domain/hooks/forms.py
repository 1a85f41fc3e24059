"""A form that somebody filled in, applied: the lead it made, as far as we do not know it yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bookingapp.domain import catalogue
from bookingapp.domain.hooks import config, leads
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.submissions import Submission, missing
from bookingapp.domain.hooks.telling import LeadFacts
from bookingapp.domain.models import Booking, Lead, LeadPool, Organisation

SOURCE = leads.FORM
DOCUMENTED = "form.submission"


def apply(organisation: Organisation, told: Submission, *, now: datetime, outcome: Outcome) -> None:
    if told.event and told.event != DOCUMENTED:
        outcome.is_ignored, outcome.problem = True, "no_event"
        return
    if not told.lead_id:
        # Documented: a form may be set up to fill no pool.
        outcome.is_ignored, outcome.problem = True, "no_lead"
        return
    _lead(organisation, told, now=now, outcome=outcome)
    _booking(organisation, told, outcome)


@transaction.atomic
def _lead(organisation: Organisation, told: Submission, *, now: datetime, outcome: Outcome) -> None:
    ours = Lead.objects.filter(organisation=organisation, connect_id=told.lead_id)
    known = ours.first()
    pool = config.pool_for_form(organisation, told.form_id)
    is_placed = known is not None and known.pool_id is not None
    policy = config.policy(organisation).of_pool(known.pool if known and is_placed else pool)
    has_state = known is not None and bool(known.state_connect_id)
    facts = LeadFacts(
        connect_id=told.lead_id,
        pool_id=pool.connect_id if pool and not is_placed else "",
        # A form's lead begins in the default state of its pool, and its flows are told so (6.1).
        state_id="" if has_state else _first_state(organisation, pool),
        created_at=told.submitted_at,
        data=missing(told.data, known.data if known else {}, policy),
        asked=_interest(told, known),
    )
    leads.hear(organisation, facts, source=SOURCE, now=now, outcome=outcome)
    if pool is None and not is_placed:
        outcome.problem = "pool_unknown"


def _first_state(organisation: Organisation, pool: LeadPool | None) -> str:
    known = catalogue.snapshot(organisation).pool(pool.pk) if pool else None
    return known.default_state.connect_id if known and known.default_state else ""


def _interest(told: Submission, known: Lead | None) -> dict[str, str]:
    if not told.interested_in or (known is not None and known.interested_in_connect_id):
        return {}
    return {"interested_in_appointment_type_id": told.interested_in}


def _booking(organisation: Organisation, told: Submission, outcome: Outcome) -> None:
    """Of the appointment only its id is told; what it is comes from a flow."""
    if not told.booking_id:
        return
    known = Booking.objects.filter(organisation=organisation, connect_id=told.booking_id).first()
    outcome.booking = known
    if known is not None and known.lead_id is None and outcome.lead is not None:
        Booking.objects.filter(pk=known.pk, lead=None).update(lead=outcome.lead)
        outcome.changed.append("booking_linked")
