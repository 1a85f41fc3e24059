"""The judge: what must never be, found in the bookings as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bookingapp.sandbox import instants
from bookingapp.sandbox.models import Booking


def verdict() -> dict[str, list[dict[str, Any]]]:
    """Overbooked resources and duplicate bookings, of all organisations."""
    return {"overbooked": overbooked(), "duplicates": duplicates()}


def overbooked() -> list[dict[str, Any]]:
    """Instants at which a resource has more bookings than the largest capacity they were made for."""
    rows = Booking.objects.filter(resource__isnull=False).values_list(
        "resource_id", "resource__name", "resource__capacity", "slot__capacity",
        "starts_at", "ends_at", "id",
    )  # fmt: skip
    by_resource: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_resource[row[0]].append(row)
    return [found for rows in by_resource.values() for found in _peaks(rows)]


def duplicates() -> list[dict[str, Any]]:
    """The same lead more than once at the same start, for the same type or resource."""
    rows = Booking.objects.filter(lead__isnull=False).values_list(
        "lead_id", "starts_at", "appointment_type_id", "resource_id", "id"
    )
    by_lead: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for lead_id, starts_at, type_id, resource_id, key in rows:
        by_lead[lead_id, starts_at, "type", type_id].append(key)
        by_lead[lead_id, starts_at, "resource", resource_id].append(key)
    seen: dict[tuple[str, ...], dict[str, Any]] = {}
    for (lead_id, starts_at, what, other), keys in by_lead.items():
        if len(keys) > 1 and other is not None:
            same = seen.setdefault(
                tuple(sorted(keys)),
                {"leadId": lead_id, "startDateTime": instants.written(starts_at, "z"),
                    "same": [], "bookingIds": sorted(keys)},
            )  # fmt: skip
            same["same"].append(what)
    return list(seen.values())


def _peaks(rows: list[Any]) -> Iterable[dict[str, Any]]:
    """Sweep over one resource's bookings by time; every start may be a new peak."""
    rows.sort(key=lambda row: row[4])
    current: list[Any] = []
    for row in rows:
        current = [one for one in current if one[5] > row[4]] + [row]
        capacity = max(one[3] or one[2] for one in current)
        if len(current) > capacity:
            yield {
                "resourceId": row[0], "resource": row[1],
                "at": instants.written(row[4], "z"), "capacity": capacity,
                "bookings": len(current), "bookingIds": sorted(one[6] for one in current),
            }  # fmt: skip
