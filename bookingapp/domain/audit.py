"""The audit log: written by every move of a write, sign-in and change of a setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookingapp.domain import audit_topics
from bookingapp.domain.models import AuditEvent, AuditValues, Organisation, Write


@dataclass(frozen=True, slots=True)
class Origin:
    """From where something is asked, and the id of the request that asks it."""

    address: str = ""
    request_id: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


@contextmanager
def origin(address: str, request_id: str) -> Iterator[None]:
    """Everything recorded inside says that it came from there."""
    token = _origin.set(Origin(address[:45], request_id[:64]))
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    action: str,
    *,
    at: datetime,
    organisation: Organisation | None = None,
    person: Any = None,
    details: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Note something that is not a move of a write.

    ``details`` are facts for ever: codes, ids, counts; no value of a person, no secret.
    ``before`` and ``after`` may hold values, sealed at rest and forgotten after a while; no secret.
    """
    event = AuditEvent.objects.create(
        action=action,
        topic=audit_topics.topic_of(action),
        about=audit_topics.about(details or {}),
        at=at,
        organisation=organisation,
        person=person,
        details=details or {},
        address=_origin.get().address,
        request_id=_origin.get().request_id,
    )
    if before or after:
        AuditValues.objects.create(event=event, before=before or {}, after=after or {})
    return event


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
        action=audit_topics.MOVED,
        topic=audit_topics.topic_of_move(reason, by_person=person is not None),
        write=write,
        source=source,
        target=target,
        reason=reason,
        details=details or {},
        address=_origin.get().address,
        request_id=_origin.get().request_id,
    )
