"""The audit log of one organisation, newest first: a page of it, one event, all of it for a file.

What was done in the organisation, and what its people did that belongs to none: signing in.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet

from bookingapp.domain import audit_text, booking_filter
from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.models import Attempt, AuditEvent, Organisation, Role

PAGE_ROWS = 50
# How many rows a file reads at once.
CHUNK_ROWS = 500
# Calls of one write that are shown; a write has rarely more than five.
MOST_CALLS = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEEN_WITH = ("person", "write__lead", "values")
_UNSEEN = (
    *("write__payload", "write__result"),
    *("write__lead__data", "write__lead__custom_field_data"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """After which event a page begins: the next one is older, or as old with a smaller key."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From its text in an address; None for anything else."""
        parts = text.split("-")
        if len(parts) != 2 or not all(one.isascii() and one.isdigit() for one in parts):
            return None
        if len(parts[0]) > 16 or len(parts[1]) > 18:
            return None
        return cls(_EPOCH + timedelta(microseconds=int(parts[0])), int(parts[1]))


@dataclass(frozen=True, slots=True)
class Filter:
    """``first`` and ``last`` are days in the organisation's zone; ``by_desk``: by no person."""

    person: int | None = None
    by_desk: bool = False
    topic: Topic | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """``older``: where the page after this one begins; None on the last."""

    events: tuple[AuditEvent, ...]
    older: Place | None


def page(organisation: Organisation, asked: Filter, after: Place | None = None) -> Page:
    """At most PAGE_ROWS events, in as many queries however many there are."""
    found = _read(organisation, asked, after, PAGE_ROWS + 1)
    shown, rest = found[:PAGE_ROWS], found[PAGE_ROWS:]
    return Page(tuple(shown), Place(shown[-1].at, shown[-1].pk) if rest else None)


def every(organisation: Organisation, asked: Filter) -> Iterator[AuditEvent]:
    """All of them, read as they are wanted; what is added meanwhile is not among them."""
    after: Place | None = None
    while chunk := _read(organisation, asked, after, CHUNK_ROWS):
        yield from chunk
        after = Place(chunk[-1].at, chunk[-1].pk)


def one(organisation: Organisation, pk: int) -> AuditEvent | None:
    """The event, if the organisation's admins may see it."""
    mine = Q(organisation=organisation) | _loose(organisation)
    return AuditEvent.objects.filter(mine, pk=pk).select_related(*_SEEN_WITH).first()


def people(organisation: Organisation, also: int | None = None) -> list[Any]:
    """Who works here, and whoever did anything here lately; by name of user. ``also`` is the key
    of one who did something at any time.
    """
    done = AuditEvent.objects.filter(organisation=organisation, person__isnull=False)
    lately = list(done.order_by("-at", "-id").values_list("person", flat=True)[:CHUNK_ROWS])
    if also is not None:
        lately += done.filter(person=also).values_list("person", flat=True)[:1]
    works = Q(roles__organisation=organisation)
    known = get_user_model().objects.filter(works | Q(pk__in=set(lately)))
    return list(known.distinct().order_by("username"))


def calls_of(events: Iterable[AuditEvent]) -> dict[UUID, list[Attempt]]:
    """Every call made at Connect for the writes of these events, in order. One query."""
    writes = {event.write_id for event in events if event.write_id}
    found: dict[UUID, list[Attempt]] = defaultdict(list)
    if writes:
        rows = Attempt.objects.filter(write__in=writes).select_related("token")
        for attempt in rows.defer("message", "evidence", "token__sealed").order_by("number"):
            if len(found[attempt.write_id]) < MOST_CALLS:
                found[attempt.write_id].append(attempt)
    return dict(found)


def _read(
    organisation: Organisation, asked: Filter, after: Place | None, limit: int
) -> list[AuditEvent]:
    """Two questions that an index answers each, put together: one with OR would read everything."""
    wanted = _wanted(organisation, asked)
    here = _newest(Q(organisation=organisation) & wanted, after, limit)
    # Of what belongs to no organisation nothing older is needed than the last of the others.
    if len(here) == limit:
        wanted &= Q(at__gte=here[-1].at)
    loose = _newest(_loose(organisation) & wanted, after, limit)
    return list(heapq.merge(here, loose, key=_order, reverse=True))[:limit]


def _newest(wanted: Q, after: Place | None, limit: int) -> list[AuditEvent]:
    if after is not None:
        # Written so that the index begins at the place instead of skipping up to it.
        wanted &= Q(at__lte=after.at) & ~Q(at=after.at, pk__gte=after.pk)
    rows: QuerySet[AuditEvent] = AuditEvent.objects.filter(wanted)
    rows = rows.order_by(F("at").desc(), F("id").desc())
    return list(rows.select_related(*_SEEN_WITH).defer(*_UNSEEN)[:limit])


def _order(event: AuditEvent) -> tuple[datetime, int]:
    return event.at, event.pk


def _loose(organisation: Organisation) -> Q:
    """What the people of this organisation did that belongs to none."""
    roles = Role.objects.filter(organisation=organisation)
    return Q(organisation=None, person__in=list(roles.values_list("person", flat=True)))


def _wanted(organisation: Organisation, asked: Filter) -> Q:
    wanted = Q()
    if asked.by_desk:
        wanted &= Q(person=None)
    elif asked.person is not None:
        wanted &= Q(person=asked.person)
    if asked.topic is not None:
        wanted &= Q(topic=asked.topic)
    zone = booking_filter.usual_zone(organisation)
    if asked.first:
        wanted &= Q(at__gte=booking_filter.day_span(zone, asked.first, asked.first)[0])
    if asked.last:
        wanted &= Q(at__lt=booking_filter.day_span(zone, asked.last, asked.last)[1])
    if asked.text:
        wanted &= Q(pk__in=audit_text.events_for(organisation, asked.text))
    return wanted
