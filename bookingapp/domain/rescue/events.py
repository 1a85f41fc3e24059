"""What moving or cancelling rows of a rescue fires at RocketLead, added up."""

from __future__ import annotations

from collections.abc import Iterable

from bookingapp.domain import consequences
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.models import Rescue, RescueRow


def of_moves(rescue: Rescue, rows: Iterable[RescueRow]) -> Consequence:
    each = (consequences.of_reschedule(rescue.organisation, row.booking.lead) for row in rows)
    return _sum(each)


def of_cancels(rescue: Rescue, rows: Iterable[RescueRow]) -> Consequence:
    return _sum(consequences.of_cancel(rescue.organisation, row.booking.lead) for row in rows)


def _sum(each: Iterable[Consequence]) -> Consequence:
    every = list(each)
    return Consequence(
        now=sum(one.now for one in every),
        at_appointment=sum(one.at_appointment for one in every),
        dropped=sum(one.dropped for one in every),
    )
