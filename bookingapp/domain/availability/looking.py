"""Looking through slots for one that is free. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bookingapp.domain.availability.windows import local_day
from bookingapp.domain.slots import Slot, is_open


def first_open(
    slots: Iterable[Slot], now: datetime, resource_connect_id: str | None = None
) -> Slot | None:
    """The first free slot that has not begun, of one resource or (None or "") of any.

    ``slots`` are sorted, as a reading's are.
    """
    return next(
        (
            slot
            for slot in slots
            if is_open(slot, now) and resource_connect_id in {None, "", slot.resource_id}
        ),
        None,
    )


def next_day_with_open(
    slots: Iterable[Slot],
    zone: str,
    after: date,
    now: datetime,
    resource_connect_id: str | None = None,
) -> date | None:
    """The first local day later than ``after`` on which something is free; None: none of these."""
    later = (slot for slot in slots if local_day(zone, slot.starts_at) > after)
    found = first_open(later, now, resource_connect_id)
    return local_day(zone, found.starts_at) if found else None
