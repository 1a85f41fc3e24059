"""Setting a lead's state: one PATCH. Setting it to what it is changes nothing (contract 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp import connect
from bookingapp.domain import gateway, leads, sending
from bookingapp.domain.kinds import steps
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.states import Reason


def send(kind: KindOfWrite, write: Write, to_state: str, *, now: datetime) -> Sequence[UUID]:
    scope = kind.scope_of(write)
    if not gateway.has_token(write.organisation, scope):
        return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope.value, now=now)
    lead_id = write.lead.connect_id if write.lead else ""
    call = connect.patch_lead(lead_id, {"lead_state_id": to_state})
    return steps.settle(kind, write, sending.send(write, call, evidence={}))


def apply(write: Write, value: Any, to_state: str, *, now: datetime) -> dict[str, Any]:
    """Mirror what Connect answered, or, without an answer, what a person found there."""
    if write.lead is None:
        return {}
    if isinstance(value, connect.Lead):
        leads.mirror_patched(write.lead, value, state=to_state, now=now)
    else:
        write.lead.state_connect_id, write.lead.known_at = to_state, now
        write.lead.save(update_fields=["state_connect_id", "known_at"])
    return {}
