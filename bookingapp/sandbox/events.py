"""Automation events: recorded with every change, handed to the hook after it (contract 6.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.sandbox import wire
from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.models import Booking, Event, Lead

# Told the new events after the commit; the sender of the hook puts itself here.
listeners: list[Callable[[list[Event]], None]] = []


def lead_added(catalogue: Catalogue, lead: Lead, now: datetime, token_id: str | None) -> None:
    """Two events: the lead, and its first state."""
    payload = _lead_payload(catalogue, lead)
    _record(
        [
            _event(name, lead.organisation_id, now, token_id, payload, lead_id=lead.id)
            for name in ("table.entry.added", "table.entry.leadState.changed")
        ]
    )


def state_changed(
    catalogue: Catalogue, lead: Lead, old_state: str, now: datetime, token_id: str | None
) -> None:
    payload = _lead_payload(catalogue, lead) | {"oldLeadStateId": old_state}
    name = "table.entry.leadState.changed"
    _record([_event(name, lead.organisation_id, now, token_id, payload, lead_id=lead.id)])


def booked(catalogue: Catalogue, booking: Booking, now: datetime, token_id: str | None) -> None:
    """One event now and two that wait for the start and the end."""
    payload = _booking_payload(catalogue, booking)
    moments = {
        "calendar.appointment.booked": now,
        "calendar.appointment.hasStarted": booking.starts_at,
        "calendar.appointment.hasEnded": booking.ends_at,
    }
    _record(
        [
            _event(name, booking.organisation_id, now, token_id, payload, due_at=due_at,
                lead_id=booking.lead_id or "", booking_id=booking.id)
            for name, due_at in moments.items()
        ]
    )  # fmt: skip


def deleted(catalogue: Catalogue, booking: Booking, now: datetime, token_id: str | None) -> None:
    """One event; what was still scheduled is removed."""
    Event.objects.filter(booking_id=booking.id, due_at__gt=now).delete()
    payload = _booking_payload(catalogue, booking)
    _record(
        [
            _event("calendar.appointment.deleted", booking.organisation_id, now, token_id, payload,
                lead_id=booking.lead_id or "", booking_id=booking.id)
        ]
    )  # fmt: skip


def _lead_payload(catalogue: Catalogue, lead: Lead) -> dict[str, Any]:
    pool = catalogue.pools[lead.pool_id]
    return {
        "tableEntry": wire.lead(catalogue, lead),
        "table": {"id": pool.id, "name": pool.name},
    }


def _booking_payload(catalogue: Catalogue, booking: Booking) -> dict[str, Any]:
    calendar = catalogue.calendars[booking.calendar_id]
    payload: dict[str, Any] = {
        "appointment": wire.booking(catalogue, booking),
        "calendar": {"id": calendar.id, "name": calendar.name, "tzdata": calendar.zone},
    }
    return payload | (_lead_payload(catalogue, booking.lead) if booking.lead else {})


def _event(
    name: str, organisation_id: str, now: datetime, token_id: str | None,
    payload: dict[str, Any], due_at: datetime | None = None, **links: str,
) -> Event:  # fmt: skip
    return Event(name=name, organisation_id=organisation_id, at=now, due_at=due_at or now,
        token_id=token_id, payload=payload, **links)  # fmt: skip


def _record(made: list[Event]) -> None:
    for event in made:
        event.save(force_insert=True)
    for listener in listeners:
        transaction.on_commit(lambda listener=listener: listener(made))  # type: ignore[misc]
