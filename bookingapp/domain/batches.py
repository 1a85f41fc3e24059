"""What bulk moves and imports have in common: one hand at a time, a few writes at once.

A batch never puts all its writes into the queue: bookings get between them, and stopping it leaves
what was not begun untouched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bookingapp.domain import audit
from bookingapp.domain.models import Write
from bookingapp.domain.models.batch import Batch
from bookingapp.domain.states import PAUSES, Reason, State

# So many writes of one batch are on their way at a time: fewer than an organisation may have calls
# in flight (8) and a worker has threads (16), so that a booking need not wait for any of them.
AT_ONCE = 6
# Those that failed and wait for their next try hold at most half of the places, or a few leads that
# Connect cannot change would hold up all others; as many as this, and Connect itself is in trouble.
MOST_WAITING = 60
# A hand that has not let go by then is dead.
HAND = timedelta(seconds=30)
# Until a batch with more to begin is looked at again.
SOON = timedelta(seconds=0.2)

B = TypeVar("B", bound=Batch)
MOVES = Q(state__in=[State.DUE, State.SENDING, State.HELD])
WAITS = Q(state=State.CHECKING) | (
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


def turn(model: type[Batch], pk: UUID, *, now: datetime) -> bool:
    """Whether this waking is the one that counts: it puts the next one off by ``SOON``, so that of
    several, the sweep among them, one goes on. Who gets True wakes the batch again.
    """
    standing = model._default_manager.filter(pk=pk, ended_at=None, stopped_at=None)
    return bool(standing.filter(due_at__lte=now).update(due_at=now + SOON))


def take(batch: Batch, *, now: datetime) -> bool:
    """Whether it is ours to push until we let go."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    # Who has its turn has just put the next one off by so much.
    mine = type(batch)._default_manager.filter(
        free, pk=batch.pk, ended_at=None, stopped_at=None, due_at__lte=now + SOON
    )
    return bool(mine.update(lease_until=now + HAND))


def let_go(batch: Batch, *, ended_at: datetime | None = None) -> None:
    ended = {"ended_at": ended_at} if ended_at else {}
    type(batch)._default_manager.filter(pk=batch.pk).update(lease_until=None, **ended)


def is_stopped(batch: Batch) -> bool:
    rows = type(batch)._default_manager.filter(pk=batch.pk)
    return rows.exclude(stopped_at=None).exists()


def stop(batch: B, person: object, *, now: datetime) -> B:
    """Begin nothing more; what is on its way finishes."""
    running = type(batch)._default_manager.filter(stopped_at=None)
    return _set(batch, running, "stopped", person, now=now, stopped_at=now)


def go_on(batch: B, person: object, *, now: datetime) -> B:
    """Let it begin, or begin again after a stop."""
    still = type(batch)._default_manager.filter(Q(due_at=None) | ~Q(stopped_at=None))
    return _set(batch, still, "resumed", person, now=now, stopped_at=None, due_at=now)


def give_up(batch: B, person: object, *, now: datetime) -> B:
    """Never begin what a stop left; what is on its way finishes."""
    stopped = type(batch)._default_manager.exclude(stopped_at=None)
    return _set(batch, stopped, "given_up", person, now=now, ended_at=now)


def share(organisation: object) -> int:
    """The places of one batch: all that run together have no more than one would have, but each
    has one.
    """
    running = Q(organisation=organisation, ended_at=None, stopped_at=None, due_at__isnull=False)
    number = sum(model._default_manager.filter(running).count() for model in Batch.__subclasses__())
    return max(AT_ONCE // max(number, 1), 1)


def hand_over(batch: Batch, write: Write) -> None:
    """A write of a batch belongs to the colleague to whom the batch was handed on."""
    if batch.handed_to_id is not None:
        Write.objects.filter(pk=write.pk).update(handed_to=batch.handed_to_id)


def room(writes: Q, *, places: int = AT_ONCE) -> int:
    """How many more of its ``writes`` may be opened now, where it has so many ``places``."""
    mine = Write.objects.filter(writes)
    told = mine.aggregate(moving=Count("pk", filter=MOVES), waiting=Count("pk", filter=WAITS))
    if told["waiting"] >= MOST_WAITING:
        return 0
    waiting = min(int(told["waiting"]), places // 2)
    return max(places - int(told["moving"]) - waiting, 0)


def _set(
    batch: B,
    rows: QuerySet[B],
    what: str,
    person: object,
    *,
    now: datetime,
    **fields: datetime | None,
) -> B:
    """Say it in the log only where it changed something."""
    if rows.filter(pk=batch.pk, ended_at=None).update(**fields):
        _note(batch, what, person, now)
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
