"""What a person pastes into the search of the audit log: an id of anything, or a lead's name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from bookingapp.domain import leads
from bookingapp.domain.models import Attempt, AuditEvent, Booking, Lead, Organisation, Write

# Of a name that many have, or a lead with a long story, the newest; an address takes no more.
MOST_LEADS = 100
MOST_WRITES = 500
MOST_EVENTS = 2_000


def events_for(organisation: Organisation, text: str) -> list[int]:
    """Keys of the events that ``text`` finds, at most MOST_EVENTS; the newest where there are more.

    It may be the id of a request, of a call, of a write, lead, booking or batch (ours or
    Connect's), or words of a lead's name or number. Some may belong to another organisation, by
    the id of a request: whoever asks still has to look for those of this one alone.
    """
    named = _things(organisation, text)
    writes = _writes(organisation, text, named)
    about = {text, *map(str, (*named.leads, *named.bookings, *writes))}
    asked = (Q(request_id=text), Q(about__in=sorted(about)), Q(write__in=writes))
    keys: set[int] = set()
    for one in asked:
        # No order and no organisation: SQLite would follow the index of those through the whole
        # log. Whoever asks narrows the few rows that come of it.
        rows = AuditEvent.objects.filter(one).order_by()
        keys.update(rows.values_list("pk", flat=True)[:MOST_EVENTS])
    return sorted(keys, reverse=True)[:MOST_EVENTS]


@dataclass(frozen=True, slots=True)
class _Named:
    """The leads and bookings that a text names, and the writes that made or ended those."""

    leads: set[UUID]
    bookings: set[UUID]
    writes: set[UUID]


def _things(organisation: Organisation, text: str) -> _Named:
    rows = Lead.objects.filter(organisation=organisation)
    named = set(rows.filter(connect_id=text).values_list("pk", flat=True))
    named |= set(leads.found_by(organisation, text).values_list("pk", flat=True)[:MOST_LEADS])
    which = Q(connect_id=text)
    if key := _key(text):
        named.add(key)
        which |= Q(pk=key)
    booked = Booking.objects.filter(which, organisation=organisation)
    found = list(booked.values_list("pk", "write_id", "gone_by_id")[:MOST_LEADS])
    made = {pk for _, *writes in found for pk in writes if pk}
    return _Named(named, {pk for pk, *_ in found}, made | ({key} if key else set()))


def _writes(organisation: Organisation, text: str, named: _Named) -> list[UUID]:
    wanted = Q(lead__in=named.leads) | Q(about__in=named.bookings) | Q(pk__in=named.writes)
    rows = Write.objects.filter(wanted, organisation=organisation).order_by("-created_at")
    calls = Attempt.objects.filter(request_id=text, write__organisation=organisation)
    return [
        *rows.values_list("pk", flat=True)[:MOST_WRITES],
        *calls.values_list("write_id", flat=True)[:MOST_WRITES],
    ]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
