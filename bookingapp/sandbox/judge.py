"""The judge: what must never be, found in the bookings as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import connection

# Straight from the tables, and moments as the text they are kept as (that is what `|| ''` does):
# the judge is asked often.
HELD = """
    SELECT b.resource_id, b.starts_at || '', b.ends_at || '',
        COALESCE(s.capacity, r.capacity), b.id, r.name
    FROM sandbox_booking b
    JOIN sandbox_resource r ON r.id = b.resource_id
    LEFT JOIN sandbox_resourceslot s ON s.id = b.slot_id
    ORDER BY b.resource_id, b.starts_at
"""
TWICE = """
    SELECT b.lead_id, b.starts_at || '', b.appointment_type_id, b.resource_id, b.id
    FROM sandbox_booking b
    JOIN (
        SELECT lead_id, starts_at FROM sandbox_booking WHERE lead_id IS NOT NULL
        GROUP BY lead_id, starts_at HAVING COUNT(*) > 1
    ) same ON same.lead_id = b.lead_id AND same.starts_at = b.starts_at
    ORDER BY b.lead_id, b.starts_at, b.id
"""


def verdict() -> dict[str, list[dict[str, Any]]]:
    """Overbooked resources and duplicate bookings, of all organisations."""
    return {"overbooked": overbooked(), "duplicates": duplicates()}


def overbooked() -> list[dict[str, Any]]:
    """Instants at which a resource has more bookings than any of them may share it with."""
    by_resource = groupby(_rows(HELD), key=lambda row: row[0])
    return [found for _, rows in by_resource for found in _peaks(rows)]


def duplicates() -> list[dict[str, Any]]:
    """The same lead more than once at the same start, for the same type or resource."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for lead_id, starts_at, type_id, resource_id, key in _rows(TWICE):
        groups[lead_id, starts_at, "type", type_id or ""].append(key)
        groups[lead_id, starts_at, "resource", resource_id or ""].append(key)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for (lead_id, starts_at, same, other), keys in groups.items():
        if len(keys) > 1 and other:
            one = {"leadId": lead_id, "startDateTime": stamp(starts_at), "bookingIds": keys}
            found.setdefault(tuple(keys), one | {"same": []})["same"].append(same)
    return list(found.values())


def stamp(kept: str) -> str:
    """A moment as SQLite keeps it, as the API writes it; to the second."""
    return f"{kept[:10]}T{kept[11:19]}Z"


def _peaks(rows: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """Sweep over one resource's bookings by time; every start may be a new peak."""
    current: list[Any] = []
    for row in rows:
        current = [one for one in current if one[2] > row[1]]
        current.append(row)
        if len(current) <= row[3]:
            continue
        capacity = max(one[3] for one in current)
        if len(current) > capacity:
            yield {
                "resourceId": row[0], "resource": row[5], "at": stamp(row[1]),
                "capacity": capacity, "bookings": len(current),
                "bookingIds": sorted(one[4] for one in current),
            }  # fmt: skip


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
