"""A booking that stands in the way of its own move, and the way back if the move fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from bookingapp.domain import availability, journal
from bookingapp.domain.kinds import booking_slot, collisions, plan
from bookingapp.domain.kinds.old_booking import old_of, slot_of
from bookingapp.domain.models import Write
from bookingapp.domain.sending import Answer
from bookingapp.domain.slots import Slot, is_open
from bookingapp.domain.states import Reason, State


def is_free(write: Write, reading: availability.Reading, *, now: datetime) -> bool:
    """Whether the slot to move to is open, or will be once the old booking is gone."""
    slot = booking_slot.find(write, reading.slots)
    return slot is not None and (is_open(slot, now) or _in_the_way(write, slot))


def can_help(write: Write, reading: availability.Reading | None) -> bool:
    """Whether deleting the old booking first would free the slot to move to."""
    slot = booking_slot.find(write, reading.slots) if reading else booking_slot.chosen(write)[0]
    if slot is None:
        return False
    if reading is None:
        # Connect refused what it had offered: between the two stands the old booking, or nobody.
        return slot.resource_id == old_of(write).resource_id and _meets(write, slot)
    return _in_the_way(write, slot)


def delete_first(
    write: Write,
    reading: availability.Reading | None,
    answer: Answer[Any] | None,
    *,
    now: datetime,
) -> Sequence[UUID]:
    """Go about it the other way round."""
    payload = {**write.payload, "order": plan.DELETE_FIRST}
    if reading is not None:
        payload = {**without_us(write, reading), "order": plan.DELETE_FIRST}
    with transaction.atomic():
        if answer:
            answer.close()
        journal.move(
            write,
            State.DUE,
            reason=Reason.MAKING_WAY,
            now=now,
            due_at=now,
            step=plan.DELETE,
            payload=payload,
        )
    return (write.pk,)


def without_us(write: Write, reading: availability.Reading) -> dict[str, Any]:
    """The payload with the counts of the new slot as they will be once the old booking is gone:
    by those a lost answer is judged.
    """
    slot = booking_slot.find(write, reading.slots)
    if slot is None:
        return dict(write.payload)
    if slot.resource_id == old_of(write).resource_id and _meets(write, slot):
        slot = msgspec.structs.replace(slot, booked=max(slot.booked - 1, 0))
    return booking_slot.with_slot(write.payload, slot, as_of=reading.as_of)


def to_put_back(write: Write) -> dict[str, Any]:
    """The payload that books the old slot again; what was wanted is kept beside it."""
    old = old_of(write)
    names = ("calendar_id", "type_id", "zone", "wish", "slot")
    wanted = {name: write.payload[name] for name in names}
    back = {
        "calendar_id": old.calendar_id,
        "type_id": old.type_id,
        "zone": old.zone,
        "wish": {
            "starts_at": old.starts_at.isoformat(),
            "resource_id": old.resource_id,
            "anyone": False,
            "nearby": False,
        },
        "wanted": wanted,
    }
    return booking_slot.with_slot({**write.payload, **back}, slot_of(old), as_of=None)


def wanted(write: Write) -> Slot:
    """Where the booking was to go, also while its old slot is being booked again."""
    kept = write.payload.get("wanted", write.payload)
    return msgspec.convert(kept["slot"]["slot"], Slot)


def _in_the_way(write: Write, slot: Slot) -> bool:
    minutes = write.payload.get("buffer_minutes", 0)
    return collisions.in_the_way(write.payload["old"], slot, buffer_minutes=minutes)


def _meets(write: Write, slot: Slot) -> bool:
    minutes = write.payload.get("buffer_minutes", 0)
    return collisions.overlaps(old_of(write), slot, minutes)
