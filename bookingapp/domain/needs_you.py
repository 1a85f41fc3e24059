"""Where trouble waits: the writes that need a person, and how many there are for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from bookingapp.domain.models import Role, Write
from bookingapp.domain.states import PAUSES, UNFINISHED, Reason, State

# Seconds a count may lag for managers; whoever asked for the write sees it at once.
COUNT_AGE = 5

# What is on its way for longer than this is told, although nobody needs to decide.
OVERDUE = timedelta(minutes=5)

WAITS_FOR_A_PERSON = (
    Q(state__in=[State.ASKING, State.STUCK])
    | Q(state=State.WAITING, reason__in=PAUSES)
    | Q(state=State.REFUSED, seen_at=None)
    | Q(reason=Reason.SECOND_ANSWER, seen_at=None)
)
MANAGING = [Role.Name.MANAGER, Role.Name.ADMIN]


def writes(person: Any) -> QuerySet[Write]:
    """What this person should look at: their own, and everybody's where they manage."""
    managed = Role.objects.filter(person=person, name__in=MANAGING).values("organisation")
    mine = Role.objects.filter(person=person).values("organisation")
    visible = Q(person=person, organisation__in=mine) | Q(organisation__in=managed)
    overdue = Q(state__in=UNFINISHED, created_at__lt=timezone.now() - OVERDUE)
    found = Write.objects.filter((WAITS_FOR_A_PERSON | overdue) & visible)
    return found.select_related("organisation", "lead", "person").order_by("created_at")


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


def _key(person_id: int) -> str:
    return f"needs-you:{person_id}"
