"""What the pages say about a write: its status, its row in a list, its card under "Needs you"."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from bookingapp.domain.models import Write
from bookingapp.domain.states import PAUSES, TERMINAL, Kind, Reason, State
from bookingapp.web import words
from bookingapp.web.presenters import changes_told, moments, progress, sentences, timeline
from bookingapp.web.presenters.alternatives import Alternative
from bookingapp.web.presenters.sentences import Text, Told
from bookingapp.web.views import write_facts
from bookingapp.web.views.write_facts import (
    alternatives_of,
    evidence_of,
    grid_url,
    names_of,
    slot_of,
    who,
    zone_of,
)

__all__ = [
    "Row",
    "Status",
    "alternatives_of",
    "evidence_of",
    "grid_url",
    "names_of",
    "row",
    "slot_of",
    "status_of",
    "who",
    "zone_of",
]

URGENT = frozenset({State.ASKING, State.STUCK, State.REFUSED})


@dataclass(frozen=True, slots=True)
class Row:
    """One write as a line: no question to the database."""

    write: Write
    slug: str
    who: str
    when: str
    whom: str
    title: Text
    short: Text
    tone: str
    icon: str
    told: Told
    asked_at: str
    url: str
    messages: tuple[str, ...] = ()
    paused_scope: str = ""
    next_at: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """All of a booking's status part."""

    row: Row
    entries: list[timeline.Entry]
    alternatives: list[Alternative]
    warnings: list[Text]
    say_it: str
    grid_url: str
    stamp: str
    zone: str
    lead_trouble: Write | None
    # Where it is moved from.
    before: str = ""

    @property
    def is_settled(self) -> bool:
        return self.row.write.state in TERMINAL

    @property
    def is_urgent(self) -> bool:
        return self.row.write.state in URGENT or self.lead_trouble is not None

    @property
    def is_held(self) -> bool:
        return self.row.write.state == State.HELD

    @property
    def is_change(self) -> bool:
        """Of a booking that stands, not the making of one."""
        return self.row.write.kind in {Kind.RESCHEDULE, Kind.CANCEL}


def status_of(write: Write) -> Status:
    """The status of a write as :func:`stories.find` gives it."""
    now, zone = timezone.now(), zone_of(write)
    reader = timeline.Reader(zone, now, names_of(write))
    line = row(write)
    return Status(
        row=line,
        entries=progress.steps(write, reader),
        alternatives=alternatives_of(write, now),
        warnings=_warnings(write),
        say_it=_say_it(write, line),
        grid_url=grid_url(write),
        stamp=stamp(write),
        zone=zone.key,
        lead_trouble=_lead_trouble(write),
        before=_before(write),
    )


def stamp(write: Write) -> str:
    """Names how a write stands, its lead's creation included."""
    after = write.after.version if write.after else 0
    return f"{write.version}-{after}"


def row(write: Write) -> Row:
    zone = zone_of(write)
    slot = slot_of(write)
    paused = write.state == State.WAITING and write.reason in PAUSES
    title = sentences.title(write.kind, write.state, write.reason)
    return Row(
        write=write,
        slug=write.organisation.slug,
        who=who(write),
        when=moments.spoken(slot.starts_at, slot.ends_at, zone) if slot else "",
        whom=(slot.resource_name or "") if slot else "",
        title=sentences.PAUSED if paused else title,
        short=sentences.PAUSED if paused else _short(write),
        tone="warning" if paused else _tone(write),
        icon="key" if paused else words.STATE_ICONS.get(write.state, "info"),
        told=sentences.reason(write.reason, write.kind),
        asked_at=moments.dated(write.created_at, zone),
        url=write_facts.url(write),
        messages=tuple(str(text)[:300] for text in write.result.get("messages", ())[:5]),
        paused_scope=str(write.result.get("scope", ""))[:20] if paused else "",
        next_at=timeline.next_words(write, zone),
    )


def _short(write: Write) -> Text:
    """For a badge; what has ended says it as its headline does."""
    if write.state in TERMINAL:
        return sentences.title(write.kind, write.state, write.reason)
    return words.STATES[write.state]


def _tone(write: Write) -> str:
    if write.state == State.REFUSED and write.reason == Reason.DECLINED:
        return "quiet"
    if write.state == State.DONE and write.kind == Kind.CANCEL:
        return "quiet"
    return words.TONES.get(write.state, "quiet")


def _warnings(write: Write) -> list[Text]:
    codes = write.result.get("warnings", ()) if write.state == State.DONE else ()
    return [sentences.WARNINGS.get(str(code), str(code)) for code in codes]


def _say_it(write: Write, line: Row) -> str:
    """What to read aloud once Connect has confirmed."""
    key = {Kind.BOOK: "say", Kind.RESCHEDULE: "say_moved"}.get(Kind(write.kind), "")
    if write.state != State.DONE or not key:
        return ""
    when = (
        f"{line.when}, {gettext('with {name}').format(name=line.whom)}" if line.whom else line.when
    )
    return str(sentences.DONE_WORDS[key]).format(name=line.who, when=when)


def _before(write: Write) -> str:
    changes = changes_told.of(write, zone_of(write), {}) if write.kind == Kind.RESCHEDULE else ()
    return next((change.before for change in changes), "")


def _lead_trouble(write: Write) -> Write | None:
    """The creation of the lead, while it is what a person must look at."""
    lead = write.after if write.kind == Kind.BOOK else None
    waits = lead is not None and (
        lead.state == State.STUCK or (lead.state == State.WAITING and lead.reason in PAUSES)
    )
    return lead if waits else None
