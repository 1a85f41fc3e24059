"""The times a row of a rescue could have instead, each one key away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookingapp.domain import catalogue, settling
from bookingapp.domain.models import Rescue, RescueRow
from bookingapp.domain.rescue import proposing
from bookingapp.domain.slots import Slot, SlotRef, is_open
from bookingapp.web.presenters import moments, rescue_line
from bookingapp.web.presenters.rescue_line import Line, Place


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    ref: str
    place: Place


def of(rescue: Rescue, row: RescueRow, line: Line, now: datetime) -> list[Choice]:
    """What the write offers while it asks; else the nearest free ones. May call Connect."""
    slots = (
        _offered(rescue, row, now)
        if line.is_asking
        else [offer.slot for offer in proposing.choices(rescue, row, now=now)]
    )
    snapshot = catalogue.snapshot(rescue.organisation)
    zone = moments.zone_of(rescue.calendar.zone)
    known = [(slot, snapshot.resource_by_connect_id(slot.resource_id)) for slot in slots]
    offered = [(slot, resource.pk) for slot, resource in known if resource is not None]
    return [
        Choice(
            key=str(number),
            ref=str(SlotRef(slot.starts_at, pk)),
            place=rescue_line.place_of(slot, row.booking.starts_at, zone),
        )
        for number, (slot, pk) in enumerate(offered, start=1)
    ]


def _offered(rescue: Rescue, row: RescueRow, now: datetime) -> list[Slot]:
    """Without whoever is ill, although Connect may still offer them."""
    if row.write is None:
        return []
    ill = rescue.resource.connect_id
    offered = settling.alternatives(row.write)
    return [slot for slot in offered if slot.resource_id != ill and is_open(slot, now)]
