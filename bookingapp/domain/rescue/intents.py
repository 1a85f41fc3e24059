"""Which write a row leads to: each row has one intent per round, however often it is run."""

from __future__ import annotations

from uuid import UUID, uuid5

from bookingapp.domain.models import Rescue, RescueRow, Write
from bookingapp.domain.rescue.rows import rows_of


def of_move(row: RescueRow) -> UUID:
    """A round ends with the write it led to: the next one begins where that one is kept."""
    return uuid5(row.rescue_id, f"move {row.pk} after {row.write_id or 'nothing'}")


def of_cancel(form: UUID, row: RescueRow) -> UUID:
    """One cancel per row of a form that may be sent more than once."""
    return uuid5(form, f"cancel {row.pk}")


def adopt(rescue: Rescue) -> None:
    """Keep the writes that were opened by a process which died before it could note them."""
    rows = {of_move(row): row for row in rows_of(rescue)}
    for write in Write.objects.filter(organisation=rescue.organisation, intent__in=rows):
        RescueRow.objects.filter(pk=rows[write.intent].pk).update(write=write)
