"""The first time somebody opens a lead: Connect is told once (``firstOpenedAt``, contract 5.2)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from bookingapp import connect
from bookingapp.domain import gateway, journal, lead_edits
from bookingapp.domain.models import Lead, Organisation, Write

FIELD = "first_opened_at"


def is_due(lead: Lead) -> bool:
    """Whether Connect can be told and nobody has told it, nor is about to."""
    if not lead.connect_id or lead.first_opened_at is not None or lead.archived:
        return False
    return not lead.writes.filter(intent=_intent(lead)).exists() and not _asked(lead)


def ask(organisation: Organisation, person: Any, lead: Lead, *, now: datetime) -> Write | None:
    """The write that says that ``lead`` was opened ``now``; None where there is nothing to say.

    However often and by however many it is opened, that is one write. Nothing is asked for while
    the organisation has no token that may write: a look at a lead is no reason to pause.
    """
    if not is_due(lead) or not gateway.has_token(organisation, connect.Scope.WRITE):
        return None
    try:
        return lead_edits.ask(
            organisation,
            person,
            lead,
            {FIELD: now},
            intent=_intent(lead),
            now=now,
            seen={(FIELD, ""): None},
        )
    except (journal.IntentReused, lead_edits.EditedMeanwhile):
        # Somebody else opened it at this moment.
        return None


def _asked(lead: Lead) -> bool:
    return any(FIELD in write.payload["changes"] for write in lead_edits.on_their_way(lead))


def _intent(lead: Lead) -> uuid.UUID:
    """The same for everybody who opens it."""
    return uuid.uuid5(lead.pk, FIELD)
