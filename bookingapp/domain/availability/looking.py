"""Looking through slots for one that is free. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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
