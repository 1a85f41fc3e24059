"""Changing a lead: one PATCH, a merge patch that names only what changes (contract 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp import connect
from bookingapp.domain import gateway, lead_mirror, sending, signature
from bookingapp.domain.kinds import steps
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Reason


def send(
    kind: KindOfWrite, write: Write, changes: Mapping[str, Any], *, now: datetime
) -> Sequence[UUID]:
    """``changes`` by our names (see connect.LeadChanges); instants may be ISO texts."""
    scope = kind.scope_of(write)
    if not gateway.has_token(write.organisation, scope):
        return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope.value, now=now)
    lead_id = write.lead.connect_id if write.lead else ""
    call = connect.patch_lead(lead_id, _signed(write, changes))
    return steps.settle(kind, write, sending.send(write, call, evidence={}))


def apply(write: Write, value: Any, changes: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Mirror what Connect answered, or, without an answer, what a person found there."""
    if write.lead is None:
        return {}
    changes = _signed(write, changes)
    if isinstance(value, connect.Lead):
        lead_mirror.take(write.lead, value, asked=changes, source="write", write=write, now=now)
    else:
        lead_mirror.by_word(write.lead, changes, write=write, now=now)
    return {}


def _signed(write: Write, changes: Mapping[str, Any]) -> dict[str, Any]:
    """With the name of who asked, where the organisation wants it and the lead has another."""
    known = write.lead.custom_field_data if write.lead else {}
    policy = policy_of(write.organisation.settings)
    return signature.signed(changes, write.person, policy, known)
