"""What makes two deliveries one: RocketLead documents no id of a delivery. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookingapp.domain.hooks.telling import Telling

# The same words without any time in them are the same event again within this, later a new one.
SAME_SECONDS = 600


def of_event(telling: Telling, body: Mapping[str, Any]) -> str:
    """Names the event that ``body`` tells. An id alone would not do: who sets up a flow may put in
    one that is the same every time.
    """
    if not telling.event_id:
        return digest(body)
    lead, booking = telling.lead, telling.booking
    facts = [telling.event_id, telling.name, lead and lead.connect_id, lead and lead.state_id]
    # With its time: a lead may come back to a state.
    return digest([*facts, lead and lead.updated_at, booking and booking.connect_id])


def within_slot(key: str, telling: Telling, at: datetime) -> list[str]:
    """The keys under which the same telling may be known, the one to keep it under first."""
    if telling.event_id or telling.has_time:
        return [key]
    slot = int(at.timestamp()) // SAME_SECONDS
    return [digest([key, number]) for number in (slot, slot - 1)]


def of_form(body: Mapping[str, Any]) -> str:
    """Documented: the submission's moment stays the same however often it is sent (7.2)."""
    named = [body.get("formId"), body.get("submittedAt"), body.get("tableEntryId")]
    return digest(["form", *named] if any(named) else body)


def digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
