"""Our rows as the control API shows them."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bookingapp.sandbox import instants, judge, tokens
from bookingapp.sandbox.models import Booking, Event, Lead, Token

Json = dict[str, Any]

BOOKINGS = """
    SELECT b.id, o.name, b.calendar_id, b.resource_id, b.appointment_type_id, b.slot_id,
        b.lead_id, b.name, b.source, b.starts_at || '', b.ends_at || '', b.created_at || ''
    FROM sandbox_booking b JOIN sandbox_organisation o ON o.id = b.organisation_id
    WHERE %s = '' OR b.source = %s
    ORDER BY b.created_at, b.starts_at, b.id
"""


def token(row: Token) -> Json:
    """A token without its secret."""
    used = tokens.last_used.get(row.id)
    return {
        "id": row.id,
        "label": row.label,
        "scope": row.scope,
        "organisation": row.organisation.name,
        "lastFour": row.last_four,
        "revoked": row.revoked_at is not None,
        "expiresAt": row.expires_at and instants.written(row.expires_at, "z"),
        "lastUsedAt": used and instants.written(used, "z"),
    }


def booking(row: Booking) -> Json:
    return {
        "id": row.id,
        "organisation": row.organisation.name,
        "calendarId": row.calendar_id,
        "resourceId": row.resource_id,
        "appointmentTypeId": row.appointment_type_id,
        "resourceSlotId": row.slot_id,
        "leadId": row.lead_id,
        "startDateTime": instants.written(row.starts_at, "z"),
        "endDateTime": instants.written(row.ends_at, "z"),
        "name": row.name,
        "source": row.source,
        "createdAt": instants.written(row.created_at, "millis"),
    }


def bookings(source: str = "") -> list[Json]:
    """Every booking, or those of one source, oldest first; read without models, for speed."""
    names = ("id", "organisation", "calendarId", "resourceId", "appointmentTypeId",
        "resourceSlotId", "leadId", "name", "source")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BOOKINGS, [source, source])
        return [
            dict(zip(names, row[:9], strict=True))
            | {
                "startDateTime": judge.stamp(row[9]),
                "endDateTime": judge.stamp(row[10]),
                "createdAt": f"{row[11][:10]}T{(row[11] + '.000')[11:23]}Z",
            }
            for row in cursor.fetchall()
        ]


def lead(row: Lead) -> Json:
    return {
        "id": row.id,
        "organisation": row.organisation.name,
        "tableId": row.pool_id,
        "leadStateId": row.state_id,
        "data": row.data,
        "customFieldData": row.custom_field_data,
        "createdAt": instants.written(row.created_at, "millis"),
        "updatedAt": instants.written(row.updated_at, "millis"),
    }


def event(row: Event) -> Json:
    """An event; scheduled while its moment is still to come."""
    return {
        "id": row.pk,
        "event": row.name,
        "organisationId": row.organisation_id,
        "at": instants.written(row.at, "millis"),
        "dueAt": instants.written(row.due_at, "z"),
        "scheduled": row.due_at > instants.now(),
        "leadId": row.lead_id or None,
        "bookingId": row.booking_id or None,
        "apiTokenId": row.token_id,
        "sent": row.is_sent,
    }
