"""What bulk moves and imports have in common: one hand at a time, a few writes at once.

A batch never puts all its writes into the queue: bookings get between them, and stopping it leaves
what was not begun untouched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from bookingapp.domain import audit
from bookingapp.domain.models import Write
from bookingapp.domain.models.batch import Batch
from bookingapp.domain.states import PAUSES, Reason, State

# So many writes of one batch are on their way at a time.
AT_ONCE = 20
# A hand that has not let go by then is dead.
HAND = timedelta(seconds=60)

B = TypeVar("B", bound=Batch)
# Such a write still takes a place among those on their way.
ON_ITS_WAY = Q(state__in=[State.DUE, State.SENDING, State.CHECKING, State.HELD]) | (
    Q(state=State.WAITING) & ~Q(reason__in=[*PAUSES, Reason.TURN_PENDING])
)


@dataclass
class Pushed:
    """``opened``: writes to wake. ``more``: whether to push again soon."""

    opened: list[UUID] = field(default_factory=list)
    more: bool = False


def due(model: type[B], *, now: datetime) -> list[B]:
    """The batches that may go on now."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    standing = model._default_manager.filter(free, ended_at=None, stopped_at=None, due_at__lte=now)
    return list(standing.order_by("due_at")[:50])


def take(batch: Batch, *, now: datetime) -> bool:
    """Whether it is ours to push until we let go."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = type(batch)._default_manager.filter(
        free, pk=batch.pk, ended_at=None, stopped_at=None, due_at__lte=now
    )
    return bool(mine.update(lease_until=now + HAND))


def let_go(batch: Batch, *, ended_at: datetime | None = None) -> None:
    type(batch)._default_manager.filter(pk=batch.pk).update(lease_until=None, ended_at=ended_at)


def is_stopped(batch: Batch) -> bool:
    rows = type(batch)._default_manager.filter(pk=batch.pk)
    return rows.exclude(stopped_at=None).exists()


def stop(batch: B, person: object, *, now: datetime) -> B:
    """Begin nothing more; what is on its way finishes."""
    _note(batch, "stopped", person, now)
    return _set(batch, stopped_at=now)


def go_on(batch: B, person: object, *, now: datetime) -> B:
    """Let it begin, or begin again after a stop."""
    _note(batch, "resumed", person, now)
    return _set(batch, stopped_at=None, due_at=now)


def room(writes: Q) -> int:
    """How many more of its ``writes`` may be opened now."""
    return max(AT_ONCE - Write.objects.filter(writes & ON_ITS_WAY).count(), 0)


def _set(batch: B, **fields: datetime | None) -> B:
    type(batch)._default_manager.filter(pk=batch.pk, ended_at=None).update(**fields)
    batch.refresh_from_db()
    return batch


def _note(batch: Batch, what: str, person: object, now: datetime) -> None:
    audit.record(
        f"{batch._meta.model_name}.{what}",
        organisation=batch.organisation,
        at=now,
        person=person,
        details={"batch": str(batch.pk)},
    )
