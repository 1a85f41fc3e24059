"""A lead of the queue as one line: how long it is due, or how long it waits for its first call.

follow-up-clock.js counts on in the same steps and shapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.follow_ups import Part
from bookingapp.domain.models import Lead
from bookingapp.web.presenters import follow_up_words, moments
from bookingapp.web.presenters.lead_card import name_of
from bookingapp.web.presenters.reasons import Text

# From so many minutes on: tone, and how a wait of that length is called.
STEPS: tuple[tuple[int, str, Text], ...] = (
    (0, "good", _("just came in")),
    (5, "busy", _("waits")),
    (60, "warning", _("waits long")),
    (24 * 60, "bad", _("waits far too long")),
    # An old stock of leads is no alarm.
    (14 * 24 * 60, "quiet", _("has gone cold")),
)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Clock:
    """``since`` is None once it has stopped: somebody has opened the lead."""

    since: datetime | None
    text: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """``when`` is the date it is due; ``names``: colleagues who are on it."""

    pk: UUID
    name: str
    part: Part
    when: str
    said: str
    tone: str
    clock: Clock | None
    pool: str
    phone: str
    names: str
    is_here: bool

    @property
    def stamp(self) -> str:
        return f"{self.pk}{self.part}{self.when}{self.names}{self.name}"


def rows(
    leads: Iterable[Lead],
    *,
    zone: ZoneInfo,
    now: datetime,
    here: UUID | None,
    on: Mapping[str, list[str]],
) -> list[Row]:
    """No question to the database; ``leads`` come with their pools."""
    return [
        row(lead, zone=zone, now=now, is_here=lead.pk == here, names=on.get(str(lead.pk), []))
        for lead in leads
    ]


def row(lead: Lead, *, zone: ZoneInfo, now: datetime, is_here: bool, names: list[str]) -> Row:
    at = lead.follow_up_at
    said, tone = _due(at, zone, now) if at else ("", "")
    return Row(
        pk=lead.pk,
        name=name_of(lead)[:LONGEST_NAME],
        part=(Part.DUE if at <= now else Part.LATER) if at else Part.FIRST,
        when=follow_up_words.near(at, zone, now) if at else "",
        said=said,
        tone=tone,
        clock=None if at else clock(lead, now),
        pool=(lead.pool.name or lead.pool.connect_id) if lead.pool else "",
        phone=lead.phone,
        names=", ".join(names),
        is_here=is_here,
    )


def clock(lead: Lead, now: datetime) -> Clock:
    """Runs from when the lead was created until somebody opens it."""
    opened = lead.first_opened_at
    minutes = max(int(((opened or now) - lead.created_at).total_seconds() // 60), 0)
    _least, tone, word = next(step for step in reversed(STEPS) if minutes >= step[0])
    if opened is not None:
        text = gettext("opened {when}, no outcome yet").format(when=_ago(now, opened))
        return Clock(None, text, "", "quiet")
    return Clock(lead.created_at, waited(now - lead.created_at), str(word), tone)


def waited(length: object) -> str:
    """ "4:07 min", "3 h 12 min", "5 d"."""
    seconds = max(int(getattr(length, "total_seconds", lambda: 0)()), 0)
    shapes = clock_shapes()
    if seconds < 3600:
        return shapes["min"].format(m=seconds // 60, s=f"{seconds % 60:02}")
    if seconds < 24 * 3600:
        return shapes["h"].format(h=seconds // 3600, m=seconds % 3600 // 60)
    return shapes["d"].format(d=seconds // (24 * 3600))


def clock_shapes() -> dict[str, str]:
    return {
        "min": gettext("{m}:{s} min"),
        "h": gettext("{h} h {m} min"),
        "d": gettext("{d} days"),
    }


def clock_words() -> str:
    """The steps and shapes for the script, as JSON."""
    steps = [[least, tone, str(word)] for least, tone, word in STEPS]
    return json.dumps({"steps": steps, "shapes": clock_shapes()}, ensure_ascii=False)


def _due(at: datetime, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    if at > now:
        return gettext("at {time}").format(time=moments.hour(at, zone)), "quiet"
    is_overdue = at.astimezone(zone).date() < now.astimezone(zone).date()
    return follow_up_words.overdue(at, zone, now), "bad" if is_overdue else "warning"


def _ago(now: datetime, then: datetime) -> str:
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 60:
        return gettext("{n} min ago").format(n=minutes)
    return gettext("{n} h ago").format(n=minutes // 60)
