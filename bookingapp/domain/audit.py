"""The audit log: written by every move of a write, sign-in and change of a setting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookingapp.domain.models import AuditEvent, Organisation, Write


def record(
    action: str,
    *,
    at: datetime,
    organisation: Organisation | None = None,
    person: Any = None,
    details: dict[str, Any] | None = None,
) -> AuditEvent:
    """Note something that is not a move of a write. ``details`` must hold no secret."""
    return AuditEvent.objects.create(
        action=action, at=at, organisation=organisation, person=person, details=details or {}
    )


def record_move(
    write: Write,
    *,
    source: str,
    target: str,
    reason: str,
    at: datetime,
    person: Any = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note a move of a write; in the same transaction as the move itself."""
    AuditEvent.objects.create(
        organisation_id=write.organisation_id,
        at=at,
        person=person,
        action="write.moved",
        write=write,
        source=source,
        target=target,
        reason=reason,
        details=details or {},
    )
