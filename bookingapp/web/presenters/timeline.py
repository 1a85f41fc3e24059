"""What became of a write, in plain words and in order: from its moves and its attempts. Pure.

An attempt that ended in a move is told once: the attempt says more. Claims are not told at all.
What a write was to change is told where it was asked for: before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bookingapp.domain.models import Attempt, AuditEvent, Write
from bookingapp.domain.states import TERMINAL, Kind, Outcome, Reason, State
from bookingapp.web import words
from bookingapp.web.presenters import changes_told, moments, sent_words, sentences
from bookingapp.web.presenters.changes_told import Change

OUTCOME_LOOK = {
    Outcome.DONE: ("good", "check"),
    Outcome.REFUSED: ("bad", "cross"),
    Outcome.LATER: ("warning", "hourglass"),
    Outcome.SLOT_TAKEN: ("warning", "blocked"),
    Outcome.UNSURE: ("warning", "question"),
    Outcome.NEEDS_PERSON: ("bad", "bell"),
}
WAITS_FOR_NOBODY = frozenset({State.DUE, State.SENDING, State.WAITING, State.CHECKING})
# Moves that only pass the write on.
SILENT = frozenset({Reason.CLAIMED, Reason.LEASE_EXPIRED, Reason.STEP_DONE})
# The title says it already.
QUIET = frozenset({Reason.ASKED, Reason.CHANGED_MIND})
SEVERAL_STEPS = frozenset({Kind.RESCHEDULE, Kind.CANCEL})


@dataclass(frozen=True, slots=True)
class Entry:
    """One step for ``components/steps.html``; ``facts`` (name, value) only on the write's page."""

    instant: datetime
    tone: str
    icon: str
    title: str
    text: str = ""
    at: str = ""
    who: str = ""
    now: bool = False
    ahead: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    request_id: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """In whose words: the zone of the calendar, the names behind Connect's ids, and the clock."""

    zone: ZoneInfo
    now: datetime
    names: Mapping[str, str] = field(default_factory=dict)


def story(write: Write, reader: Reader) -> list[Entry]:
    """Everything so far, oldest first, the creation of a new lead included."""
    entries = _entries(write, reader)
    if write.after is not None:
        entries = _entries(write.after, reader) + entries
    return sorted(entries, key=lambda entry: entry.instant)


def whole(writes: Sequence[Write], reader: Reader, elsewhere: Iterable[Entry] = ()) -> list[Entry]:
    """All that was asked for one appointment and happened to it, oldest first."""
    known = {write.pk for write in writes}
    others = [write.after for write in writes if write.after and write.after.pk not in known]
    found = [entry for write in [*others, *writes] for entry in _entries(write, reader)]
    found.extend(elsewhere)
    return sorted(found, key=lambda entry: entry.instant)


def steps(write: Write, reader: Reader) -> list[Entry]:
    """The story, then where it stands now, then what is still ahead."""
    lead = write.after
    found = story(write, reader)
    if lead is not None and lead.state not in TERMINAL:
        write = lead
    elif write.state in TERMINAL:
        return found
    present = _present(write, reader)
    # How it came to stand there is told by where it stands.
    past = [
        entry for entry in found if (entry.instant, entry.title) != (present.instant, present.title)
    ]
    return [*past, present, *(_ahead(reader) if _goes_on(write) else ())]


def _entries(write: Write, reader: Reader) -> list[Entry]:
    attempts = list(write.attempts.all())
    ends = {attempt.ended_at for attempt in attempts}
    told = [_attempt(write, attempt, reader) for attempt in attempts if attempt.ended_at]
    moves = [move for move in write.moves.all() if _is_told(write, move, ends)]
    return told + [_move(write, move, reader) for move in moves]


def _is_told(write: Write, move: AuditEvent, ends: Iterable[datetime | None]) -> bool:
    if move.reason in SILENT:
        return False
    # Of several steps each says what it did; only the move says that all of it is done.
    if write.kind in SEVERAL_STEPS and move.target in TERMINAL:
        return True
    return move.person_id is not None or move.at not in set(ends)


def _attempt(write: Write, attempt: Attempt, reader: Reader) -> Entry:
    outcome = Outcome(attempt.outcome)
    tone, icon = OUTCOME_LOOK[outcome]
    ended = attempt.ended_at or attempt.started_at
    return Entry(
        instant=ended,
        tone=tone,
        icon=icon,
        title=_attempt_title(write, attempt, outcome, reader),
        text=_attempt_text(write, attempt, outcome),
        at=moments.stamp(ended, reader.zone, near=reader.now),
        facts=tuple(sent_words.facts(attempt, reader.zone, reader.names)),
        request_id=attempt.request_id,
    )


def _attempt_title(write: Write, attempt: Attempt, outcome: Outcome, reader: Reader) -> str:
    if outcome == Outcome.DONE:
        return str(_done_title(write, attempt))
    what = sent_words.target(attempt, reader.zone, reader.names)
    shape = {
        Outcome.REFUSED: gettext("Not accepted: {what}"),
        Outcome.LATER: gettext("Not now: {what}"),
        Outcome.SLOT_TAKEN: gettext("Taken: {what}"),
        Outcome.UNSURE: gettext("No clear answer: {what}"),
        Outcome.NEEDS_PERSON: gettext("Not understood: {what}"),
    }[outcome]
    return shape.format(what=what)


def _done_title(write: Write, attempt: Attempt) -> sentences.Text:
    """Only what Connect confirmed says so, and only once the write itself is done."""
    words_of_step = sentences.step(write.kind, attempt.step)
    if words_of_step is not None:
        return words_of_step.done
    if write.kind == Kind.BOOK:
        return sentences.DONE_WORDS["step"] if write.state == State.DONE else _answered()
    return sentences.title(write.kind, State.DONE)


def _answered() -> str:
    return gettext("Connect answered")


def _attempt_text(write: Write, attempt: Attempt, outcome: Outcome) -> str:
    if outcome == Outcome.DONE:
        return ""
    told = str(sentences.reason(attempt.reason, write.kind).happened)
    quote = (
        gettext("Connect: “{text}”").format(text=attempt.message)
        if attempt.status and attempt.message
        else ""
    )
    return " ".join(part for part in (told, quote) if part)


def _move(write: Write, move: AuditEvent, reader: Reader) -> Entry:
    who = _name(move.person)
    asked = move.reason == Reason.ASKED
    story = sentences.reason(move.reason, write.kind)
    why = "" if move.reason in QUIET else str(story.happened)
    return Entry(
        instant=move.at,
        tone=words.TONES.get(move.target, "quiet") if move.target != State.DUE else "quiet",
        icon=words.STATE_ICONS.get(move.target, "info"),
        title=move_title(write, move),
        text=" ".join(part for part in (who, why) if part),
        at=moments.stamp(move.at, reader.zone, near=reader.now),
        who=who,
        changes=tuple(changes_told.of(write, reader.zone, reader.names)) if asked else (),
    )


def move_title(write: Write, move: AuditEvent) -> str:
    actions = sentences.ACTIONS
    if move.reason == Reason.ASKED:
        return str(sentences.ASKED[Kind(write.kind)])
    by_word = move.reason == Reason.SETTLED_BY_PERSON
    if move.target == State.DONE and write.kind in SEVERAL_STEPS and not by_word:
        moved = write.kind == Kind.RESCHEDULE
        return str(sentences.DONE_WORDS["step_moved" if moved else "step_cancelled"])
    if move.reason == Reason.CHOSEN:
        return str(actions["chosen" if move.source == State.ASKING else "again"])
    if move.target == State.DUE:
        found = {
            Reason.NEXT_TRY: "next_try",
            Reason.PROVEN_ABSENT: "again",
            Reason.REPEATABLE: "again",
            Reason.PUTTING_BACK: "putting_back",
            Reason.MAKING_WAY: "making_way",
        }
        return str(actions[found.get(Reason(move.reason), "resumed")])
    return str(sentences.title(write.kind, move.target, move.reason))


def _name(person: Any) -> str:
    if person is None:
        return ""
    return gettext("By {name}.").format(name=person.get_full_name() or person.get_username())


def _present(write: Write, reader: Reader) -> Entry:
    return Entry(
        instant=write.changed_at,
        tone=words.TONES.get(write.state, "quiet"),
        icon=words.STATE_ICONS.get(write.state, "info"),
        title=str(sentences.title(write.kind, write.state, write.reason)),
        text=next_words(write, reader.zone),
        at=moments.stamp(write.changed_at, reader.zone, near=reader.now),
        now=True,
    )


def next_words(write: Write, zone: ZoneInfo) -> str:
    """When it is tried next, while it waits for nothing but time."""
    if write.state != State.WAITING or write.due_at is None:
        return ""
    return str(sentences.LATER["at"]).format(at=moments.clock(write.due_at, zone))


def _goes_on(write: Write) -> bool:
    return write.state in WAITS_FOR_NOBODY


def _ahead(reader: Reader) -> list[Entry]:
    title = gettext("Connect confirms")
    return [Entry(reader.now, "quiet", "check", title, ahead=True)]
