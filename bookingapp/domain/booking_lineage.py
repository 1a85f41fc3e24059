"""Where a booking comes from: an appointment that was moved stays one appointment in a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bookingapp.domain.models import Booking, Organisation

# Nobody moves an appointment more often; it bounds the look-ups if rows should form a circle.
MOST_MOVES = 50


@dataclass(frozen=True, slots=True)
class Lineage:
    """``first``: our key of the booking that it was at the very beginning; ``moves`` since."""

    first: UUID
    moves: int = 0


def of(organisation: Organisation, bookings: Iterable[UUID]) -> dict[UUID, Lineage]:
    """The lineage of each booking: one query more than the longest of them has moves."""
    found = {pk: Lineage(pk) for pk in bookings}
    for _ in range(MOST_MOVES):
        ahead = {line.first: pk for pk, line in found.items()}
        rows = Booking.objects.filter(organisation=organisation, moved_to__in=list(ahead))
        before = {after: pk for pk, after in rows.values_list("pk", "moved_to_id")}
        if not before:
            break
        for after, pk in before.items():
            mine = ahead[after]
            found[mine] = Lineage(pk, found[mine].moves + 1)
    return found
