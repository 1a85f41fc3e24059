"""What a booking would look like on the wire, for whoever chooses how leads are linked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from bookingapp import connect
from bookingapp.domain.policy import Policy


def body(policy: Policy, *, now: datetime) -> dict[str, Any]:
    """The JSON of a booking of half an hour from this hour tomorrow (UTC), with ids left out."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    call = connect.create_booking(
        calendar_id="cal_…",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        resource_id="res_…",
        appointment_type_id="apt_…",
        lead_id="entry_…",
        link_field=connect.LinkField(policy.lead_link_field),
    )
    found: dict[str, Any] = json.loads(call.body or b"{}")
    return found
