"""The lead before and the lead after one, in the list that somebody came from.

Both are found from where the lead stands in the order, not from where it stands in the list: so
they are still there when it has left the list meanwhile, and the length of the list costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bookingapp.domain.models import Lead

_Parts = list[QuerySet[Lead]]
# Nobody looks at a board of more; it bounds the steps.
MOST_COLUMNS = 100
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


def of(
    found: QuerySet[Lead], lead: Lead, sort: str, *, columns: Iterable[str] | None = None
) -> Neighbours:
    """The neighbours of ``lead`` among ``found`` in the order ``sort`` of lead_filter.

    ``columns``: the lead states of ``found``, where it is a whole pool. The indexes keep an order
    within a state, so the nearest of each is found at once, and the nearest of those is it.
    """
    field, is_downwards = _ORDERS.get(sort, _ORDERS["newest"])
    found = found.exclude(pk=lead.pk)
    parts = [found] if columns is None else [found.filter(board_state=one) for one in columns]
    return Neighbours(
        before=_next(parts, lead, field, up=is_downwards),
        after=_next(parts, lead, field, up=not is_downwards),
    )


def columns_of(pool: QuerySet[Lead]) -> list[str]:
    """The states that leads of a pool are in: one step along the index each."""
    found: list[str] = []
    rest = pool.order_by("board_state").values_list("board_state", flat=True)
    state = rest.first()
    while state is not None and len(found) < MOST_COLUMNS:
        found.append(state)
        state = rest.filter(board_state__gt=state).first()
    return found


def _next(parts: _Parts, lead: Lead, field: str, *, up: bool) -> UUID | None:
    """The nearest with a greater (``up``) or smaller value; without a value is greatest of all."""
    value = getattr(lead, field)
    if value is None:
        without = [part.filter(**{f"{field}__isnull": True}) for part in parts]
        alike = _beyond(without, lead, field, up=up)
        if alike is not None or up:
            return alike
        return _nearest(
            [part.filter(**{f"{field}__isnull": False}) for part in parts], field, up=up
        )
    bound = {f"{field}__{'gte' if up else 'lte'}": value}
    nearest = _beyond([part.filter(**bound) for part in parts], lead, field, up=up)
    if nearest is None and up and Lead._meta.get_field(field).null:
        return _nearest([part.filter(**{f"{field}__isnull": True}) for part in parts], "pk", up=up)
    return nearest


def _beyond(parts: _Parts, lead: Lead, field: str, *, up: bool) -> UUID | None:
    value: Any = getattr(lead, field)
    wanted = Q(**{f"pk__{'gt' if up else 'lt'}": lead.pk})
    if value is None:
        return _nearest([part.filter(wanted) for part in parts], "pk", up=up)
    wanted |= Q(**{f"{field}__{'gt' if up else 'lt'}": value})
    return _nearest([part.filter(wanted) for part in parts], field, up=up)


def _nearest(parts: _Parts, field: str, *, up: bool) -> UUID | None:
    """The first of all parts in the order of ``field``, then of the key."""
    sign = "" if up else "-"
    firsts = (
        part.order_by(f"{sign}{field}", f"{sign}pk").values_list(field, "pk").first()
        for part in parts
    )
    found = sorted((first for first in firsts if first), reverse=not up)
    return found[0][1] if found else None
