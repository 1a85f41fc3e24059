"""A step whose answer was lost, ended by what RocketLead told of it by itself (design 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import heard
from bookingapp.domain.hooks.telling import BookingFacts
from bookingapp.domain.kinds import booking_slot, plan
from bookingapp.domain.kinds.finishing import ended_of, go
from bookingapp.domain.kinds.protocol import KindOfWrite, Onward
from bookingapp.domain.models import Delivery, Write
from bookingapp.domain.states import Reason, State


def booked_meanwhile(kind: KindOfWrite, write: Write, *, now: datetime) -> Sequence[UUID] | None:
    """Ends the step when a booking was told of that it may have made; None when none was."""
    told = heard.booking_for(write)
    if told is None:
        return None
    delivery, facts = told
    with transaction.atomic():
        return finish(kind, write, value_of(write, facts), heard=note(delivery), now=now)


def finish(
    kind: KindOfWrite, write: Write, value: Any, *, heard: dict[str, Any], now: datetime
) -> Sequence[UUID]:
    """The step has happened. Call it inside a transaction; raises journal.Lost."""
    step = write.step
    ended = {**ended_of(write), **({step: plan.DONE} if step else {})}
    onward = kind.onward(write, ended=ended)
    if onward.state == State.DONE:
        onward = replace(onward, reason=Reason.SETTLED_BY_EVENT)
    result = {**write.result, "heard": heard}
    freed = go(kind, write, onward, ended=ended, now=now, result=result)
    write.result = {**write.result, **kind.apply(write, value, step=step, now=now)}
    Write.objects.filter(pk=write.pk).update(result=write.result)
    return freed


def value_of(write: Write, facts: BookingFacts) -> connect.Booking:
    """What was told, as Connect would have answered it; the rest is as it was asked for."""
    slot, _ = booking_slot.chosen(write)
    return connect.Booking(
        id=facts.connect_id,
        starts_at=facts.starts_at or slot.starts_at,
        ends_at=facts.ends_at or slot.ends_at,
        lead_id=facts.lead_id or None,
        calendar_id=facts.calendar_id,
        resource_id=facts.resource_id or None,
        appointment_type_id=facts.type_id or None,
        created_at=facts.made_at,
        name=facts.label or None,
    )


def note(delivery: Delivery) -> dict[str, Any]:
    """By what a write was settled, as the write remembers it."""
    return {"event": delivery.event, "at": delivery.received_at.isoformat()}


def created(
    kind: KindOfWrite, write: Write, *, heard: dict[str, Any], now: datetime
) -> Sequence[UUID]:
    """The lead was told of and is mirrored already. Call it inside a transaction; raises Lost."""
    lead_id = write.lead.connect_id if write.lead else ""
    result = {**write.result, "lead_id": lead_id, "heard": heard}
    onward = Onward(State.DONE, Reason.SETTLED_BY_EVENT)
    return go(kind, write, onward, ended={}, now=now, result=result)
