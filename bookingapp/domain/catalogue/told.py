"""What Connect tells about an organisation: all the reads of contract section 9, in one value."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from bookingapp import connect
from bookingapp.domain import gateway
from bookingapp.domain.models import Organisation

logger = logging.getLogger(__name__)

# Calls made one by one; nobody has so many, and a list gone wild must not become a flood.
MOST_POOLS_ASKED = 200
MOST_CALENDARS_ASKED = 200


@dataclass(frozen=True, slots=True)
class ToldBlocker:
    """A blocker, and the calendars in whose lists it was."""

    blocker: connect.Blocker
    calendar_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    calendars: tuple[connect.Calendar, ...]
    resources: tuple[connect.Resource, ...]
    types: tuple[connect.AppointmentType, ...]
    pools: tuple[connect.LeadPool, ...]
    calendar_mappings: tuple[connect.ResourceCalendarMapping, ...]
    type_mappings: tuple[connect.AppointmentTypeResourceMapping, ...]
    blockers: tuple[ToldBlocker, ...]


def ask(organisation: Organisation) -> Told:
    """Everything, one call after the other: a page seldom waits for it.

    Raises connect.ConnectError or NoToken, and then nothing was told.
    """
    calendars = gateway.send(organisation, connect.list_calendars())
    return Told(
        calendars=calendars,
        resources=gateway.send(organisation, connect.list_resources()),
        types=gateway.send(organisation, connect.list_appointment_types()),
        pools=tuple(_pools(organisation)),
        calendar_mappings=gateway.send(organisation, connect.list_resource_calendar_mappings()),
        type_mappings=gateway.send(organisation, connect.list_appointment_type_resource_mappings()),
        blockers=_blockers(organisation, calendars),
    )


def _pools(organisation: Organisation) -> Iterator[connect.LeadPool]:
    """Each pool with its states: the list need not carry them (contract section 5.1)."""
    pools = gateway.send(organisation, connect.list_lead_pools())
    for number, pool in enumerate(pools):
        if pool.lead_states or number >= MOST_POOLS_ASKED:
            yield pool
            continue
        try:
            yield gateway.send(organisation, connect.get_lead_pool(pool.id))
        except connect.Missing:
            # Deleted since the list was made, or listed for others only.
            yield pool


def _blockers(
    organisation: Organisation, calendars: tuple[connect.Calendar, ...]
) -> tuple[ToldBlocker, ...]:
    found: dict[str, ToldBlocker] = {}
    for calendar in calendars[:MOST_CALENDARS_ASKED]:
        for blocker in _blockers_of(organisation, calendar):
            if blocker.calendar_id not in {None, calendar.id}:
                # The filter is documented as both required and optional: it may be ignored.
                continue
            before = found[blocker.id].calendar_ids if blocker.id in found else ()
            found[blocker.id] = ToldBlocker(blocker, (*before, calendar.id))
    return tuple(found.values())


def _blockers_of(
    organisation: Organisation, calendar: connect.Calendar
) -> tuple[connect.Blocker, ...]:
    try:
        return gateway.send(organisation, connect.list_blockers(calendar.id))
    except (connect.Missing, connect.Refused) as error:
        # They only explain why something is closed: no reason to have no catalogue at all.
        logger.warning("blockers not read", extra={"status": error.status})
        return ()
