"""Tellings that could not be applied when they came, because another one was still missing."""

from __future__ import annotations

from datetime import datetime

from bookingapp.domain.hooks import config
from bookingapp.domain.hooks.telling import Event, read
from bookingapp.domain.models import Delivery, Organisation

MOST = 300


def deletion_of(organisation: Organisation, booking_id: str) -> datetime | None:
    """When the appointment was told to be deleted, by a telling that came too early and said too
    little to leave a tombstone.
    """
    waiting = Delivery.objects.filter(
        organisation=organisation,
        way=Delivery.Way.EVENTS,
        event=str(Event.DELETED),
        booking=None,
    ).exclude(result=Delivery.Result.TEST)
    paths, policy = config.paths(organisation), config.policy(organisation)
    for delivery in waiting.order_by("-received_at")[:MOST]:
        telling = read(delivery.body, paths, policy)
        if telling.booking and telling.booking.connect_id == booking_id:
            return telling.at or delivery.received_at
    return None
