"""A lead that RocketLead tells of: into our mirror, unless something newer is known already."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from bookingapp import connect
from bookingapp.domain import lead_mirror
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.hooks.telling import LeadFacts
from bookingapp.domain.models import Lead, Organisation

# A form says what a lead began with; an event of the same moment may have told more already.
FORM = "form"
_COMPARED = (
    "pool_id", "archived", "name", "phone", "email", "data", "custom_field_data",
    "interested_in_connect_id", "first_opened_at", "follow_up_at",
)  # fmt: skip


@transaction.atomic
def hear(
    organisation: Organisation, facts: LeadFacts, *, source: str, now: datetime, outcome: Outcome
) -> Lead:
    """Keep what is told of a lead. What is not told stays; ``outcome`` says what it changed."""
    known = Lead.objects.filter(organisation=organisation, connect_id=facts.connect_id).exists()
    row, is_new = lead_mirror.row_of(organisation, _whole(facts), now=now)
    lead = Lead.objects.select_for_update().get(pk=row.pk)
    before = {name: getattr(lead, name) for name in (*_COMPARED, "state_connect_id")}
    told = _whole(facts)
    if not _may_set_state(lead, facts) or (source == FORM and lead.state_connect_id):
        told = msgspec.structs.replace(told, lead_state_id="")
    # In part: what a flow names of the data is merged into what is known.
    told = msgspec.structs.replace(told, data={}, custom_field_data={})
    asked = facts.asked | {"data": facts.data, "custom_field_data": facts.custom_field_data}
    is_news = lead_mirror.take(lead, told, asked=asked, source=source, now=now, whole=False)
    outcome.lead, outcome.is_older = lead, not is_news
    if is_new or not known:
        outcome.changed.append("lead_new" if is_new else "lead_identified")
    if is_news:
        _note(before, lead, outcome, is_new=is_new)
    return lead


def _whole(facts: LeadFacts) -> connect.Lead:
    return connect.Lead(
        id=facts.connect_id,
        table_id=facts.pool_id,
        lead_state_id=facts.state_id,
        created_at=facts.created_at,
        updated_at=facts.updated_at,
        data=facts.data,
        custom_field_data=facts.custom_field_data,
    )


def _may_set_state(lead: Lead, facts: LeadFacts) -> bool:
    """Times of whole seconds leave several changes the same one: then only the change that begins
    where the lead is comes after it, and what tells of the creation comes before all else.
    """
    told_at = facts.updated_at
    if told_at is None or told_at != lead.told_at or not lead.state_connect_id:
        return True
    if facts.old_state_id:
        return facts.old_state_id == lead.state_connect_id
    return facts.created_at is None or facts.created_at < told_at


def _note(before: dict[str, object], lead: Lead, outcome: Outcome, *, is_new: bool) -> None:
    if is_new:
        return
    if before["state_connect_id"] != lead.state_connect_id:
        outcome.changed.append("lead_moved")
    if any(before[name] != getattr(lead, name) for name in _COMPARED):
        outcome.changed.append("lead_changed")
