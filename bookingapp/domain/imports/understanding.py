"""What the cells of an import are understood by: names of types and states, the zone of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bookingapp.domain import catalogue, lead_schema
from bookingapp.domain.imports.reading import Known
from bookingapp.domain.models import LeadPool, LeadState, Organisation
from bookingapp.domain.policy import policy_of


def known_of(organisation: Organisation, pool: LeadPool | None) -> Known:
    """As the catalogue has it now. A name that two have means neither."""
    snapshot = catalogue.snapshot(organisation)
    states = LeadState.objects.filter(organisation=organisation, gone_at=None)
    return Known(
        types=_names((one.connect_id, one.name) for one in snapshot.types),
        states=_names(states.values_list("connect_id", "name")),
        zone=_zone(one.zone for one in snapshot.calendars),
        fields=lead_schema.descriptors(pool),
        country=policy_of(organisation.settings).country,
    )


def _names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    known = list(pairs)
    often = Counter(name.casefold() for _, name in known)
    names = {name.casefold(): pk for pk, name in known if often[name.casefold()] == 1}
    return names | {pk: pk for pk, _ in known}


def _zone(zones: Iterable[str]) -> str:
    """The first that we know; days of a file have no calendar of their own."""
    for zone in zones:
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return "UTC"
