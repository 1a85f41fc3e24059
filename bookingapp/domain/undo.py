"""The undo window: what is held is not sent, and undoing it costs nothing (design law 10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bookingapp.domain import journal
from bookingapp.domain.holding import held_by
from bookingapp.domain.kinds import kind_of
from bookingapp.domain.models import Lead, Organisation, Preference, Write
from bookingapp.domain.models.person import LONGEST_UNDO_SECONDS, UNDO_SECONDS
from bookingapp.domain.settling import AlreadySettled
from bookingapp.domain.states import Kind, Reason, State

# A pause ends by itself, so that nothing is forgotten behind a resting pointer.
PAUSE = timedelta(seconds=60)
LONGEST = timedelta(minutes=5)


def window_of(person: Any) -> int:
    """Seconds that this person's cancels and lead moves wait before they are sent."""
    chosen = Preference.objects.filter(person=person).first()
    return min(chosen.undo_seconds if chosen else UNDO_SECONDS, LONGEST_UNDO_SECONDS)


def held(person: Any, organisation: Organisation) -> list[Write]:
    """What this person can still undo, the next to be sent first."""
    mine = Write.objects.filter(held_by(person), organisation=organisation, state=State.HELD)
    return list(mine.select_related("organisation", "lead", "about").order_by("due_at"))


def undo(write: Write, *, person: Any, now: datetime) -> None:
    """Nothing was sent and nothing will be. Raises AlreadySettled when it is too late."""
    if write.state != State.HELD:
        raise AlreadySettled
    try:
        with transaction.atomic():
            _take_turns(write)
            journal.move(write, State.UNDONE, reason=Reason.CHANGED_MIND, person=person, now=now)
            kind_of(write.kind).after_end(write, now=now)
    except journal.Lost:
        raise AlreadySettled from None


def _take_turns(write: Write) -> None:
    """The lead first, as lead_moves.ask does it, which may change this very write: neither can wait
    for the other.
    """
    if write.kind == Kind.MOVE_LEAD and write.lead_id is not None:
        Lead.objects.select_for_update().filter(pk=write.lead_id).values_list("pk").first()


def pause(write: Write, *, person: Any, now: datetime) -> Write:
    """Stop the clock while somebody looks at it. Raises AlreadySettled when it is too late."""
    rest = write.result.get("rest_seconds") or _rest(write, now)
    due_at = min(now + PAUSE, write.created_at + LONGEST)
    return _hold(write, max(due_at, write.due_at or now), {"rest_seconds": rest}, person, now)


def go_on(write: Write, *, person: Any, now: datetime) -> Write:
    """Let the clock run again from where it was stopped. Raises AlreadySettled."""
    rest = write.result.get("rest_seconds")
    if rest is None:
        _expect_held(write)
        return write
    latest = max(write.created_at + LONGEST, write.due_at or now)
    due_at = min(now + timedelta(seconds=rest), latest)
    return _hold(write, due_at, {"rest_seconds": None}, person, now)


def is_paused(write: Write) -> bool:
    return write.result.get("rest_seconds") is not None


def _rest(write: Write, now: datetime) -> float:
    return max(((write.due_at or now) - now).total_seconds(), 0.0)


def _hold(
    write: Write, due_at: datetime, told: dict[str, Any], person: Any, now: datetime
) -> Write:
    _expect_held(write)
    result = {**write.result, **told}
    reason = Reason.UNDO_WINDOW
    try:
        journal.move(
            write, State.HELD, reason=reason, person=person, now=now, due_at=due_at, result=result
        )
    except journal.Lost:
        raise AlreadySettled from None
    return write


def _expect_held(write: Write) -> None:
    if write.state != State.HELD:
        raise AlreadySettled
