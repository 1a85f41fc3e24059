"""The lead before and the lead after one, in the list that somebody came from.

Both are found from where the lead stands in the order, not from where it stands in the list: so
they are still there when it has left the list meanwhile, and the length of the list costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bookingapp.domain.models import Lead

# Field, and whether it runs downwards; the id decides between equals (see lead_filter.ordered).
_ORDERS = {
    "newest": ("created_at", True),
    "oldest": ("created_at", False),
    "name": ("sort_name", False),
    "follow_up": ("follow_up_at", False),
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """None at the ends of the list."""

    before: UUID | None
    after: UUID | None


def of(found: QuerySet[Lead], lead: Lead, sort: str) -> Neighbours:
    """The neighbours of ``lead`` among ``found`` in the order ``sort`` of lead_filter."""
    field, is_downwards = _ORDERS.get(sort, _ORDERS["newest"])
    found = found.exclude(pk=lead.pk)
    return Neighbours(
        before=_next(found, lead, field, up=is_downwards),
        after=_next(found, lead, field, up=not is_downwards),
    )


def _next(found: QuerySet[Lead], lead: Lead, field: str, *, up: bool) -> UUID | None:
    """The nearest with a greater (``up``) or smaller value; without a value is greatest of all."""
    value = getattr(lead, field)
    if value is None:
        alike = _first(found.filter(**{f"{field}__isnull": True}), lead, field, up=up)
        if alike is not None or up:
            return alike
        return _one(found.filter(**{f"{field}__isnull": False}), (f"-{field}", "-pk"))
    bound = {f"{field}__{'gte' if up else 'lte'}": value}
    nearest = _first(found.filter(**bound), lead, field, up=up)
    if nearest is None and up and Lead._meta.get_field(field).null:
        return _one(found.filter(**{f"{field}__isnull": True}), ("pk",))
    return nearest


def _first(found: QuerySet[Lead], lead: Lead, field: str, *, up: bool) -> UUID | None:
    value: Any = getattr(lead, field)
    beyond = Q(**{f"pk__{'gt' if up else 'lt'}": lead.pk})
    if value is not None:
        beyond |= Q(**{f"{field}__{'gt' if up else 'lt'}": value})
    sign = "" if up else "-"
    return _one(found.filter(beyond), (f"{sign}{field}", f"{sign}pk"))


def _one(found: QuerySet[Lead], order: tuple[str, ...]) -> UUID | None:
    return found.order_by(*order).values_list("pk", flat=True).first()
