"""A slot was taken: the next slot the wish allows, or a question to the person (design law 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import transaction

from bookingapp import connect
from bookingapp.domain import availability, journal, slotfill
from bookingapp.domain.errors import NoToken
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.sending import Answer
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Outcome, Reason, State


class TakesSlot(KindOfWrite, Protocol):
    """A kind whose step takes a slot."""

    def nothing_left(
        self,
        write: Write,
        answer: Answer[Any] | None,
        others: list[Slot],
        as_of: datetime | None,
        *,
        now: datetime,
    ) -> Sequence[UUID]:
        """No slot that the wish allows is open; ``others`` are the nearest that are."""


def next_step(
    kind: TakesSlot,
    write: Write,
    slot: Slot,
    *,
    now: datetime,
    answer: Answer[Any] | None = None,
    reading: availability.Reading | None = None,
) -> Sequence[UUID]:
    """``answer`` when Connect refused the slot; ``reading`` when fresh availability already did."""
    try:
        reading = reading or availability.fetch(
            write.organisation, booking_slot.window(write), now=now
        )
    except (connect.ConnectError, NoToken):
        return kind.nothing_left(write, answer, [], None, now=now)
    return _choose(kind, write, slot, answer, reading, now=now)


def _choose(
    kind: TakesSlot,
    write: Write,
    slot: Slot,
    answer: Answer[Any] | None,
    reading: availability.Reading,
    *,
    now: datetime,
) -> Sequence[UUID]:
    policy = policy_of(write.organisation.settings)
    wish = booking_slot.wish_of(write, nearby_minutes=policy.nearby_minutes)
    tried = {slotfill.key_of(slot), *_tried(write)}
    tries = _tries(write) + (1 if answer else 0)
    candidate = None
    if tries < policy.booking_attempts:
        candidate = slotfill.next_candidate(wish, reading.slots, tried, now)
    if candidate is None:
        others = slotfill.alternatives(wish, reading.slots, tried, now)
        return kind.nothing_left(write, answer, others, reading.as_of, now=now)
    payload = booking_slot.with_slot(write.payload, candidate, as_of=reading.as_of)
    payload["tried"] = sorted({*write.payload.get("tried", ()), _text(slot)})
    with transaction.atomic():
        if answer:
            answer.close()
        journal.move(write, State.DUE, reason=Reason.NEXT_TRY, now=now, due_at=now, payload=payload)
    return (write.pk,)


def ask(
    write: Write,
    answer: Answer[Any] | None,
    others: list[Slot],
    as_of: datetime | None,
    *,
    now: datetime,
) -> Sequence[UUID]:
    """Leave the choice to the person, with the nearest open slots."""
    choices = [msgspec.to_builtins(other) for other in others]
    result = {
        **write.result,
        "alternatives": choices,
        "as_of": as_of.isoformat() if as_of else None,
    }
    with transaction.atomic():
        if answer:
            answer.close()
        journal.move(write, State.ASKING, reason=Reason.SLOT_TAKEN, now=now, result=result)
    return ()


def _tries(write: Write) -> int:
    """Slots refused since the person last chose."""
    since = write.payload.get("chosen_after", 0)
    return write.tries.filter(outcome=Outcome.SLOT_TAKEN, number__gt=since).count()


def _tried(write: Write) -> set[slotfill.SlotKey]:
    keys = (text.rsplit("@", 1) for text in write.payload.get("tried", ()))
    return {(resource, datetime.fromisoformat(start)) for resource, start in keys}


def _text(slot: Slot) -> str:
    return f"{slot.resource_id}@{slot.starts_at.isoformat()}"
