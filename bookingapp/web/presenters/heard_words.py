"""What RocketLead told by itself since a write was asked for, as evidence for a person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext

from bookingapp.domain.models import Delivery, Write
from bookingapp.domain.states import State
from bookingapp.web.presenters import hook_words, moments

MOST = 5


def facts(told: Mapping[UUID, list[Delivery]], write: Write) -> list[tuple[str, str]]:
    """(name, value) for a write that waits for evidence; none where RocketLead tells nothing."""
    if write.state != State.STUCK or write.pk not in told:
        return []
    rows = told[write.pk]
    name = gettext("Told by RocketLead since then")
    if not rows:
        return [(name, gettext("nothing about this lead"))]
    zone = moments.zone_of(str(write.payload.get("zone", "")))
    lines = [
        f"{hook_words.event(row.event)} ({moments.clock(row.received_at, zone)})" for row in rows
    ]
    return [(name, " · ".join(lines[-MOST:]))]
