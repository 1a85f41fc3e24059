"""How a write goes on, as steps: a change by the domain's plan, others by what happened."""

from __future__ import annotations

from bookingapp.domain import sagas
from bookingapp.domain.models import Write
from bookingapp.domain.sagas import Progress
from bookingapp.domain.states import Outcome, State
from bookingapp.web import words
from bookingapp.web.presenters import moments, sentences, timeline
from bookingapp.web.presenters.timeline import Entry, Reader

# On its way: the step's own words say more than the state's.
MOVING = frozenset({State.DUE, State.SENDING})


def steps(write: Write, reader: Reader) -> list[Entry]:
    """For ``components/steps.html``. Nothing for what was undone: no step was ever taken."""
    if write.kind not in timeline.SEVERAL_STEPS:
        return timeline.steps(write, reader)
    if write.state == State.UNDONE:
        return []
    found = (_entry(write, one, reader) for one in sagas.progress(write))
    return [entry for entry in found if entry is not None]


def _entry(write: Write, one: Progress, reader: Reader) -> Entry | None:
    told = sentences.step(write.kind, one.step)
    if told is None:
        return None
    if one.standing == "ahead" or write.state == State.HELD:
        return Entry(reader.now, "quiet", "clock", str(told.ahead), ahead=True)
    if one.standing == "now":
        return _present(write, str(told.now), reader)
    done = one.standing == "done"
    return Entry(
        instant=reader.now,
        tone="good" if done else "bad",
        icon="check" if done else "cross",
        title=str(told.done if done else told.failed),
        at=_at(write, one.step, reader),
    )


def _present(write: Write, title: str, reader: Reader) -> Entry:
    goes = write.state in MOVING
    state = "" if goes else str(sentences.title(write.kind, write.state, write.reason))
    when = timeline.next_words(write, reader.zone)
    return Entry(
        instant=write.changed_at,
        tone=words.TONES.get(write.state, "quiet"),
        icon=words.STATE_ICONS.get(write.state, "info"),
        title=title,
        text=". ".join(part for part in (state, when) if part),
        at=moments.stamp(write.changed_at, reader.zone, near=reader.now),
        now=True,
    )


def _at(write: Write, step: str, reader: Reader) -> str:
    """When Connect answered this step for the last time."""
    ends = [
        attempt.ended_at
        for attempt in write.attempts.all()
        if attempt.step == step and attempt.ended_at and attempt.outcome != Outcome.LATER
    ]
    return moments.stamp(max(ends), reader.zone, near=reader.now) if ends else ""
