"""Cancelling what cannot be moved: the rows chosen, with one reason, held for the undo window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp.domain import cancelling, changes, journal, undo
from bookingapp.domain.access import Membership
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Rescue, RescueRow
from bookingapp.domain.rescue import intents, standing

# More than these only a manager cancels at once.
STAFF_MOST = 5
# From here on the number is typed, so that nobody cancels a day by a slip.
TYPED_FROM = 25


class TooMany(DomainError):
    """Only managers cancel so many at once."""

    code = "too_many"


@dataclass(frozen=True, slots=True)
class Asked:
    """``intent`` of the form, ``typed`` the number as the person typed it, or None."""

    intent: UUID
    reason: str
    note: str = ""
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """``opened``: held writes to wake after ``hold_seconds``. ``failed``: rows not asked for."""

    opened: list[UUID]
    hold_seconds: int
    failed: int


def cancellable(rows: Iterable[RescueRow], *, now: datetime) -> list[RescueRow]:
    """Those of the rows that stand and that nobody is changing."""
    return [row for row in rows if standing.may_change(row, now)]


def cancel(
    rescue: Rescue,
    membership: Membership,
    person: Any,
    rows: Sequence[RescueRow],
    asked: Asked,
    *,
    now: datetime,
) -> Cancelled:
    """Ask for the cancel of each row; nothing is sent within the undo window.

    Raises TooMany, or Invalid: reason "required", typed "number" when it is not how many they are.
    """
    if not asked.reason.strip():
        raise Invalid({"reason": "required"})
    if len(rows) > STAFF_MOST and not membership.is_at_least("manager"):
        raise TooMany
    if len(rows) >= TYPED_FROM and asked.typed != len(rows):
        raise Invalid({"typed": "number"})
    hold_seconds = undo.window_of(person)
    opened = [_ask(rescue, row, person, asked, hold_seconds, now=now) for row in rows]
    done = [pk for pk in opened if pk]
    return Cancelled(done, hold_seconds, failed=len(opened) - len(done))


def _ask(
    rescue: Rescue,
    row: RescueRow,
    person: Any,
    asked: Asked,
    hold_seconds: int,
    *,
    now: datetime,
) -> UUID | None:
    one = cancelling.AskedCancel(
        intent=intents.of_cancel(asked.intent, row),
        booking_pk=row.booking_id,
        reason=asked.reason,
        note=asked.note,
    )
    try:
        write, _ = cancelling.ask(
            rescue.organisation, person, one, now=now, hold_seconds=hold_seconds
        )
    except (changes.Gone, changes.BeingChanged, journal.IntentReused, Invalid):
        return None
    RescueRow.objects.filter(pk=row.pk).update(write=write)
    return write.pk
