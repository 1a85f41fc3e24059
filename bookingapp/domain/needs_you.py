"""Where trouble waits: the writes that need a person, how urgent, and how many there are for whom.

What is inside its undo window needs nobody; it shows only when nothing has sent it for too long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from bookingapp.domain.holding import held_by
from bookingapp.domain.models import Booking, Role, Write
from bookingapp.domain.states import PAUSES, UNFINISHED, Kind, Reason, State

# Seconds a count may lag for managers; whoever asked for the write sees it at once.
COUNT_AGE = 5

# What is on its way for longer than this is told, although nobody needs to decide.
OVERDUE = timedelta(minutes=5)
# Not while it moves: what was sent again a moment ago is no trouble yet, however old it is.
MOVING = timedelta(seconds=30)
MOVING_STATES = [State.DUE, State.SENDING, State.CHECKING]


class Urgency(IntEnum):
    """Why it waits for a person; the smaller, the sooner."""

    NO_APPOINTMENT = 0
    STUCK = 1
    ASKING = 2
    PAUSED = 3
    REFUSED = 4
    OVERDUE = 5


# The steps of a reschedule that take a slot; after the delete of the old booking and before their
# end the lead has no appointment, whatever else is the matter.
TAKES_SLOT = ["book", "put_back"]
WITHOUT = Q(kind=Kind.RESCHEDULE, step__in=TAKES_SLOT, result__steps__delete="done")
TOLD_TWICE = Q(reason=Reason.SECOND_ANSWER, seen_at=None)
WAITS_FOR_A_PERSON: dict[Urgency, Q] = {
    Urgency.NO_APPOINTMENT: Q(state=State.STUCK, reason=Reason.NO_APPOINTMENT),
    Urgency.STUCK: Q(state=State.STUCK) | TOLD_TWICE,
    Urgency.ASKING: Q(state=State.ASKING),
    Urgency.PAUSED: Q(state=State.WAITING, reason__in=PAUSES),
    Urgency.REFUSED: Q(state=State.REFUSED, seen_at=None),
}
MANAGING = [Role.Name.MANAGER, Role.Name.ADMIN]


@dataclass(frozen=True, slots=True)
class Place:
    """How many wait in one organisation: for this person's own writes, and altogether."""

    slug: str
    name: str
    mine: int
    everybodys: int


def writes(person: Any) -> QuerySet[Write]:
    """What this person should look at, most urgent first, the oldest of those first: what
    is theirs to look after, and everybody's where they manage.
    """
    found = Write.objects.filter(_waiting(timezone.now()) & _visible(person))
    ordered = found.order_by(_urgency(), "created_at", "pk")
    return ordered.select_related("organisation", "lead", "person", "handed_to")


def places(person: Any) -> list[Place]:
    """The organisations in which something waits for this person, by name. One query."""
    grouped = writes(person).order_by("organisation__name")
    named = grouped.values_list("organisation__slug", "organisation__name")
    counted = named.annotate(mine=Count("pk", filter=held_by(person)), everybodys=Count("pk"))
    return [Place(*row) for row in counted]


def leaves_without(write: Write) -> bool:
    """Whether the lead has no appointment while ``write`` stands where it stands. Pure."""
    if write.state == State.STUCK and write.reason == Reason.NO_APPOINTMENT:
        return True
    freed = write.result.get("steps", {}).get("delete") == "done"
    return freed and write.kind == Kind.RESCHEDULE and write.step in TAKES_SLOT


def urgency_of(write: Write) -> Urgency:
    """Of a write that :func:`writes` found, as its order has it. Pure."""
    if leaves_without(write):
        return Urgency.NO_APPOINTMENT
    if write.state == State.STUCK or write.reason == Reason.SECOND_ANSWER:
        return Urgency.STUCK
    if write.state == State.WAITING and write.reason in PAUSES:
        return Urgency.PAUSED
    known = {State.ASKING: Urgency.ASKING, State.REFUSED: Urgency.REFUSED}
    return known.get(State(write.state), Urgency.OVERDUE)


def manages(person: Any) -> bool:
    """Whether there is any organisation in which everybody's trouble is this person's."""
    return Role.objects.filter(person=person, name__in=MANAGING).exists()


def given_since(waiting: Iterable[Write], *, now: datetime) -> dict[UUID, list[Booking]]:
    """By the write that left a lead without an appointment: those that the lead has got since.
    One query, none where nobody is without.
    """
    lost = {write.lead_id: write for write in waiting if leaves_without(write)}
    if not lost:
        return {}
    stand = Booking.objects.filter(lead__in=lost, gone_at=None, starts_at__gt=now)
    found: dict[UUID, list[Booking]] = {}
    for booking in stand.select_related("calendar", "resource").order_by("starts_at"):
        write = lost[booking.lead_id]
        if booking.booked_at > write.created_at:
            found.setdefault(write.pk, []).append(booking)
    return found


def count(person: Any) -> int:
    """How many; from the cache where it is young enough, so that a warm page asks no database."""
    key = _key(person.pk)
    known = cache.get(key)
    if known is None:
        known = writes(person).count()
        cache.set(key, known, COUNT_AGE)
    return int(known)


def forget(person_id: int) -> None:
    cache.delete(_key(person_id))


def _waiting(now: datetime) -> Q:
    overdue = Q(state__in=UNFINISHED, created_at__lt=now - OVERDUE)
    moving = Q(state__in=MOVING_STATES, changed_at__gte=now - MOVING)
    found = overdue & ~moving
    for waits in WAITS_FOR_A_PERSON.values():
        found |= waits
    return found


def _visible(person: Any) -> Q:
    managed = Role.objects.filter(person=person, name__in=MANAGING).values("organisation")
    mine = Role.objects.filter(person=person).values("organisation")
    return Q(held_by(person), organisation__in=mine) | Q(organisation__in=managed)


def _urgency() -> Case:
    ranks = (When(waits, then=Value(rank)) for rank, waits in WAITS_FOR_A_PERSON.items())
    without = When(WITHOUT, then=Value(Urgency.NO_APPOINTMENT))
    return Case(without, *ranks, default=Value(Urgency.OVERDUE), output_field=IntegerField())


def _key(person_id: int) -> str:
    return f"needs-you:{person_id}"
