"""One event of the audit log as a calm line, and all that is known about it below. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from bookingapp.domain.audit_topics import MOVED
from bookingapp.domain.models import Attempt, AuditEvent, AuditValues, Write
from bookingapp.domain.states import Outcome
from bookingapp.web import words
from bookingapp.web.presenters import audit_words, booking_row, sentences, timeline

LONGEST = 400
WARNS = frozenset({"sign-in.refused", "sign-in.locked", "token.rejected", "writes.paused"})
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not what it was; "–" where there was or is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call made at Connect: what was asked, what came back, and which token asked it."""

    at: str
    asked: str
    answer: str
    token: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """``who`` is "" where the desk did it by itself; ``at`` is wall time in the zone asked for."""

    pk: int
    day: str
    at: str
    instant: datetime
    who: str
    text: str
    icon: str
    topic: str
    warns: bool
    address: str
    request_id: str
    action: str
    facts: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]
    write: Write | None
    calls: tuple[Call, ...]


def of(event: AuditEvent, zone: ZoneInfo, calls: Iterable[Attempt] = ()) -> Line:
    there = event.at.astimezone(zone)
    return Line(
        pk=event.pk,
        day=dateformat.format(there, pgettext("day as a heading (Django date letters)", "l j F Y")),
        at=f"{there:%H:%M:%S}",
        instant=event.at,
        who=booking_row.person_name(event.person) if event.person else "",
        text=text_of(event),
        icon=audit_words.topic_icon(event.topic),
        topic=audit_words.topic(event.topic),
        warns=event.action in WARNS,
        address=event.address,
        request_id=event.request_id,
        action=event.action,
        facts=tuple(_facts(event)),
        differences=tuple(differences(event)),
        write=event.write,
        calls=tuple(_call(attempt, zone) for attempt in calls),
    )


def text_of(event: AuditEvent) -> str:
    """What was done, in plain words."""
    write = event.write
    if event.action != MOVED or write is None:
        return audit_words.sentence(event.action, event.details)
    kind = str(audit_words.KINDS.get(write.kind, write.kind))
    what = str(timeline.move_title(write, event))
    return gettext("{kind}: {what}").format(kind=kind, what=what)


def differences(event: AuditEvent) -> Iterator[Difference]:
    """The values that differ; nothing once they are forgotten."""
    kept: AuditValues | None = getattr(event, "values", None)
    if kept is None:
        return
    for name in sorted({*kept.before, *kept.after}):
        before, after = kept.before.get(name), kept.after.get(name)
        if before != after:
            yield Difference(audit_words.fact(name), plain(before), plain(after))


def plain(value: Any) -> str:
    """A value as text: what a person would write down, else JSON."""
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return _cut(", ".join(map(str, value)) or _NOTHING)
    if isinstance(value, str | int | float):
        return _cut(str(value))
    return _cut(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _facts(event: AuditEvent) -> Iterator[tuple[str, str]]:
    if event.action == MOVED:
        yield gettext("From"), _state(event.source)
        yield gettext("To"), _state(event.target)
        kind = event.write.kind if event.write else ""
        if why := str(sentences.reason(event.reason, kind).happened):
            yield gettext("Why"), why
    details: Mapping[str, Any] = event.details
    for name, value in details.items():
        if not (name == "address" and value == event.address):
            yield audit_words.fact(name), plain(value)


def _state(code: str) -> str:
    return str(words.STATES.get(code, code)) or _NOTHING


def _call(attempt: Attempt, zone: ZoneInfo) -> Call:
    there = attempt.started_at.astimezone(zone)
    sent: Mapping[str, Any] = attempt.sent
    return Call(
        at=f"{there:%Y-%m-%d %H:%M:%S}",
        asked=_cut(f"{sent.get('method', '')} {sent.get('path', '')}".strip() or _NOTHING),
        answer=_answer(attempt),
        token=str(attempt.token) if attempt.token else "",
        request_id=attempt.request_id,
    )


def _answer(attempt: Attempt) -> str:
    if not attempt.outcome:
        return gettext("no answer yet")
    if attempt.outcome == Outcome.DONE:
        return gettext("accepted")
    return str(attempt.status) if attempt.status else gettext("none that could be read")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
