"""What a person can still undo, for the bar on every page of the organisation.

The rows are in the database; only that there is nothing is kept for a moment, so that a warm page
asks no database. Opening a held write forgets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext

from bookingapp.domain import undo
from bookingapp.domain.models import Organisation, RescueRow, Write
from bookingapp.domain.states import PAUSES, TERMINAL, Kind, State
from bookingapp.web.presenters import changes_told, moments
from bookingapp.web.presenters.changes_told import Change
from bookingapp.web.presenters.reasons import OF_LEADS
from bookingapp.web.presenters.sentences import Text
from bookingapp.web.views import status_context, write_facts

# Seconds that "nothing is held" is believed without asking.
NOTHING_AGE = 5
# More of them show as a number: the bar is a corner of the page.
MOST_SHOWN = 3

AT_REST = TERMINAL | {State.ASKING, State.STUCK}


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One line of the bar. ``due_at`` is when it is sent, None once it has been."""

    write: Write
    title: Text
    what: str
    tone: str
    icon: str
    url: str
    due_at: datetime | None = None
    rest_seconds: float | None = None
    window_seconds: float = 0.0

    @property
    def is_held(self) -> bool:
        return self.write.state == State.HELD

    @property
    def is_paused(self) -> bool:
        return self.is_held and self.rest_seconds is not None

    @property
    def is_at_rest(self) -> bool:
        """Nothing more happens by itself."""
        paused = self.write.state == State.WAITING and self.write.reason in PAUSES
        return self.write.state in AT_REST or paused

    @property
    def is_trouble(self) -> bool:
        return self.is_at_rest and self.write.state not in {State.DONE, State.UNDONE}

    @property
    def seconds_left(self) -> int:
        """Whole seconds until it is sent, as of now."""
        if self.rest_seconds is not None:
            return round(self.rest_seconds)
        left = (self.due_at - timezone.now()).total_seconds() if self.due_at else 0
        return max(round(left), 0)

    @property
    def say(self) -> str:
        """What is read out once, when it shows."""
        shape = gettext("{title}: {what}. Can be undone for {n} seconds with the key {key}.")
        return shape.format(title=self.title, what=self.what, n=self.seconds_left, key="Z")


def of(person: Any, organisation: Organisation) -> list[Write]:
    """What was asked for last first. No query while it is known that there is nothing."""
    key = _key(person.pk, organisation.pk)
    if cache.get(key):
        return []
    found = newest_first(person, organisation)
    if not found:
        cache.set(key, "nothing", NOTHING_AGE)
    return found


def newest_first(person: Any, organisation: Organisation) -> list[Write]:
    """From the database: the one key that puts back means what was done last."""
    found = undo.held(person, organisation)
    others = _of_rescues([write for write in found if write.kind == Kind.RESCHEDULE])
    mine = (write for write in found if write.pk not in others)
    return sorted(mine, key=lambda write: write.created_at, reverse=True)


def _of_rescues(moves: list[Write]) -> set[UUID]:
    """Held only until a rescue has written down the last of them; it has a stop of its own."""
    if not moves:
        return set()
    rows = RescueRow.objects.filter(write__in=moves)
    return {pk for pk in rows.values_list("write_id", flat=True) if pk}


def row(write: Write) -> HeldRow:
    """No question to the database but the catalogue kept at hand."""
    line = status_context.row(write)
    held = write.state == State.HELD
    rest = write.result.get("rest_seconds")
    return HeldRow(
        write=write,
        title=line.title,
        what=_what(write, line),
        tone=line.tone,
        icon=line.icon,
        url=line.url,
        due_at=write.due_at if held else None,
        rest_seconds=float(rest) if held and rest is not None else None,
        window_seconds=_window(write),
    )


def watch() -> None:
    """Forget that there is nothing when this process opens a held write."""
    post_save.connect(_opened, sender=Write, dispatch_uid="held")


def _opened(instance: Write, created: bool, **_signal: Any) -> None:  # noqa: FBT001 - Django's
    if created and instance.state == State.HELD:
        key = _key(instance.person_id, instance.organisation_id)
        transaction.on_commit(lambda: cache.delete(key))


def _what(write: Write, line: status_context.Row) -> str:
    if write.kind not in OF_LEADS:
        slot = write_facts.slot_of(write)
        when = moments.dated(slot.starts_at, write_facts.zone_of(write)) if slot else ""
        return ", ".join(part for part in (line.who, when) if part)
    changes = list(changes_told.of(write, write_facts.zone_of(write), write_facts.names_of(write)))
    if write.kind == Kind.EDIT_LEAD:
        return _edited(line.who, changes)
    return gettext("{who}: {before} → {after}").format(
        who=line.who, before=changes[0].before, after=changes[0].after
    )


def _edited(who: str, changes: list[Change]) -> str:
    told = gettext("{who}: {change}").format(who=who, change=changes_told.line(changes[0]))
    return told if len(changes) == 1 else f"{told} (+{len(changes) - 1})"


def _window(write: Write) -> float:
    """How long it is held altogether, for the line that grows shorter."""
    return max((write.due_at - write.changed_at).total_seconds(), 1.0) if write.due_at else 1.0


def _key(person_id: Any, organisation_id: Any) -> str:
    return f"nothing-held:{person_id}:{organisation_id}"
