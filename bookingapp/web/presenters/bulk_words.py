"""A bulk move in words: how far it is, what became of its rows. No query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.bulk_progress import Progress
from bookingapp.domain.models import BulkMove, BulkMoveRow
from bookingapp.domain.states import State
from bookingapp.web.presenters import sentences

ERRORS = {
    "none": _("No lead would change: all of them are there already, or not at Connect yet."),
    "too_many": _("These are more leads than can be moved at once. Narrow them down with filters."),
    "changed": _("The number of leads has changed meanwhile. Look again before you go on."),
    "unknown": _("RocketLead does not offer this lead state any more. Choose another one."),
    "wrong": _("This is not the number of events. Type {n} to go on."),
    "missing": _("Choose the lead state to move to."),
    "intent": _("This form cannot be used any more. Start again from the list."),
}
NOTHING_CHOSEN = _("Choose some leads and the lead state to move them to.")
UNDONE = _("Nothing was sent, and nothing will be.")
TOO_LATE = _("Too late to undo: it has begun. You can still stop it.")
STOPPED = _("Stopped. What was already on its way still finishes.")
GOES_ON = _("Going on.")
GIVEN_UP = _("The rest stays where it is.")
PROBLEMS = {
    "not_created": _("Connect does not have this lead yet."),
    "unknown": _("RocketLead no longer offers this lead state."),
    "broken": _("Something went wrong at this desk. Nothing was sent for this lead."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``phase``: held, waiting (for its worker), running, paused, stopped, undone, over."""

    phase: str
    progress: Progress

    @property
    def settled(self) -> int:
        told = self.progress
        return told.total - told.ahead - told.on_their_way

    @property
    def troubled(self) -> int:
        return self.progress.refused + self.progress.waiting_for_person + self.progress.unusable

    @property
    def is_moving(self) -> bool:
        """Something changes by itself, soon."""
        return self.phase in {"held", "running", "paused"} or self.progress.on_their_way > 0

    @property
    def is_open(self) -> bool:
        return self.phase in {"held", "running", "paused", "stopped"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One lead that is not where it should be: ``said`` says why, ``is_open`` somebody can act."""

    pk: Any
    name: str
    said: str
    is_open: bool


def standing(bulk: BulkMove, told: Progress, *, is_paused: bool, now: datetime) -> Standing:
    begun = told.total - told.ahead
    if bulk.stopped_at and bulk.ended_at == bulk.stopped_at and not begun:
        return Standing("undone", told)
    if bulk.ended_at or not (told.ahead or told.on_their_way):
        return Standing("over", told)
    if bulk.stopped_at:
        return Standing("stopped" if told.ahead else "running", told)
    if not begun and bulk.due_at and bulk.due_at > now:
        return Standing("held", told)
    return Standing("paused" if is_paused else "running", told)


def headline(one: Standing) -> str:
    told = one.progress
    match one.phase:
        case "held":
            return gettext("Nothing has been sent yet")
        case "undone":
            return gettext("Undone: nothing was sent")
        case "over":
            return gettext("Finished")
        case "stopped":
            return gettext("Stopped")
        case "paused":
            return gettext("Paused: there is no token that may change leads")
    if told.ahead or told.on_their_way:
        return gettext("{done} of {total} settled").format(done=one.settled, total=told.total)
    return gettext("Finished")


def parts(one: Standing) -> list[str]:
    """What became of the rows, only what there is."""
    told = one.progress
    found = [
        (told.done, ngettext("{n} is in its new state", "{n} are in their new state", told.done)),
        (told.there, ngettext("{n} was there already", "{n} were there already", told.there)),
        (told.on_their_way, ngettext("{n} on its way", "{n} on their way", told.on_their_way)),
        (told.refused, ngettext("{n} refused", "{n} refused", told.refused)),
        (
            told.waiting_for_person,
            ngettext("{n} needs a person", "{n} need a person", told.waiting_for_person),
        ),
        (told.unusable, ngettext("{n} not moved", "{n} not moved", told.unusable)),
        (told.undone, ngettext("{n} undone", "{n} undone", told.undone)),
        (told.ahead, ngettext("{n} not begun", "{n} not begun", told.ahead)),
    ]
    return [text.format(n=number) for number, text in found if number]


def trouble(row: BulkMoveRow, name: str) -> Trouble:
    write = row.write
    if write is None:
        why = str(PROBLEMS.get(row.problem, PROBLEMS["broken"]))
        return Trouble(row.lead_id, name, why, is_open=False)
    said = str(sentences.reason(write.reason, write.kind).happened)
    own = [str(text)[:200] for text in write.result.get("messages", ())[:1]]
    told = f"{said} {own[0]}" if own else said
    is_open = write.state != State.REFUSED or write.seen_at is None
    return Trouble(row.lead_id, name, told, is_open)


def events(number: int) -> str:
    """The number that is asked for, said first."""
    return ngettext(
        "Fires {n} automation event at RocketLead.",
        "Fires {n} automation events at RocketLead, one for each lead.",
        number,
    ).format(n=number)
