"""What RocketLead told us by itself about a booking whose answer was lost (design 4.4, 4.5).

Nothing but the very slot that was asked for, for the same lead, told as made no earlier than the
attempt: anything else is somebody else's booking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from bookingapp.domain.hooks import config
from bookingapp.domain.hooks.telling import (
    OF_STANDING,
    BookingFacts,
    Telling,
    instant_of,
    read,
)
from bookingapp.domain.models import Attempt, Booking, Delivery, HookSecret, Write
from bookingapp.domain.states import Outcome, State

# Connect's clock is not ours, and it may tell whole seconds only.
CLOCKS = timedelta(seconds=10)
# Connect's own word that this attempt made nothing, or what it made is known.
_CERTAIN = [Outcome.DONE, Outcome.REFUSED, Outcome.SLOT_TAKEN]
MOST = 200


def attempt_for(write: Write, facts: BookingFacts, *, heard_at: datetime) -> Attempt | None:
    """The attempt of the present step that may have made this booking."""
    lead = write.lead
    if lead is None or not lead.connect_id or facts.lead_id != lead.connect_id or facts.by_hand:
        return None
    if not (facts.starts_at and facts.resource_id) or _is_known(write, facts):
        return None
    made_at = facts.made_at or heard_at
    tries = write.tries.exclude(outcome__in=_CERTAIN).order_by("-number")
    fits = (attempt for attempt in tries if _asked_for(attempt, facts))
    return next((one for one in fits if one.started_at - CLOCKS <= made_at), None)


def booking_for(write: Write) -> tuple[Delivery, BookingFacts] | None:
    """The telling of a booking that an attempt of this step may have made, if there was one."""
    first = write.tries.exclude(outcome__in=_CERTAIN).order_by("number").first()
    if first is None or write.lead_id is None:
        return None
    for delivery, telling in _tellings(write, since=first.started_at):
        facts = telling.booking
        if facts is None or telling.event not in OF_STANDING:
            continue
        if attempt_for(write, facts, heard_at=delivery.received_at):
            return delivery, facts
    return None


def about(writes: Iterable[Write]) -> dict[UUID, list[Delivery]]:
    """What came about the leads of those that wait for a person since they were asked for, in one
    query; a write of an organisation that RocketLead tells nothing is not in it.
    """
    asked = [write for write in writes if write.lead_id and write.state == State.STUCK]
    if not asked:
        return {}
    listening = set(HookSecret.objects.values_list("organisation", flat=True).distinct())
    asked = [write for write in asked if write.organisation_id in listening]
    if not asked:
        return {}
    came = Delivery.objects.filter(
        _understood(),
        lead__in={write.lead_id for write in asked},
        received_at__gte=min(write.created_at for write in asked),
    )
    rows = list(came.order_by("received_at")[:MOST])
    return {
        write.pk: [
            row
            for row in rows
            if row.lead_id == write.lead_id and row.received_at >= write.created_at
        ]
        for write in asked
    }


def _tellings(write: Write, *, since: datetime) -> Iterator[tuple[Delivery, Telling]]:
    came = Delivery.objects.filter(
        _understood(),
        organisation=write.organisation,
        lead=write.lead,
        way=Delivery.Way.EVENTS,
        received_at__gte=since - CLOCKS,
    )
    paths, policy = config.paths(write.organisation), config.policy(write.organisation)
    for delivery in came.order_by("received_at")[:MOST]:
        yield delivery, read(delivery.body, paths, policy)


def _understood() -> Q:
    return ~Q(result__in=[Delivery.Result.UNREADABLE, Delivery.Result.TEST])


def _is_known(write: Write, facts: BookingFacts) -> bool:
    """The id is that of an appointment which another write made."""
    same = Booking.objects.filter(organisation=write.organisation, connect_id=facts.connect_id)
    return same.exclude(write=None).exclude(write=write).exists()


def _asked_for(attempt: Attempt, facts: BookingFacts) -> bool:
    body: Any = attempt.sent.get("body") or {}
    same_place = body.get("resourceId") == facts.resource_id
    return same_place and instant_of(body.get("startDateTime")) == facts.starts_at
