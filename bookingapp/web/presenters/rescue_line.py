"""One row of a rescue as a page shows it: who, from when to when, what was said, how it stands."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bookingapp.domain.models import RescueRow, Write
from bookingapp.domain.rescue import rows, standing
from bookingapp.domain.rescue.standing import Standing
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import State
from bookingapp.web import words
from bookingapp.web.presenters import moments, rescue_words, sentences, titles
from bookingapp.web.presenters.reasons import Text

PHONE = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an appointment is or would be; ``apart`` says how far from the old time."""

    when: str
    hours: str
    day: str
    whom: str
    colour: str
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """``mark`` changes with everything that the line shows. ``telephone`` is for a tel: link."""

    row: RescueRow
    stands: Standing
    who: str
    telephone: str
    old: Place
    new: Place | None
    words: Text
    tone: str
    icon: str
    told: Text
    can: Text
    may_change: bool
    mark: str

    @property
    def is_open(self) -> bool:
        """Whether the call sheet still has a use for it."""
        return self.stands not in standing.ENDED

    @property
    def is_asking(self) -> bool:
        return self.stands == Standing.ASKING

    @property
    def is_unknown(self) -> bool:
        """Nothing can be changed at Connect without its id."""
        return self.is_open and not self.row.booking.connect_id

    @property
    def answers(self) -> list[tuple[str, str, Text, bool]]:
        """Value, key, words, and whether it is the one given."""
        return [
            (value, key, text, self.row.answer == value)
            for value, (key, text) in rescue_words.ANSWERS.items()
        ]


def line(row: RescueRow, zone: ZoneInfo, now: datetime) -> Line:
    """``row`` as ``rows.rows_of`` loads it; asks the database nothing."""
    stands = standing.standing_of(row, now)
    booking, write = row.booking, standing.current_write(row) or row.write
    text, tone, icon = _stands(row, stands, write)
    told = _told(stands, write)
    new = _new(row, stands, write, zone)
    return Line(
        row=row,
        stands=stands,
        who=_who(row),
        telephone=PHONE.sub("", booking.lead.phone) if booking.lead else "",
        old=_place(
            booking.starts_at, booking.ends_at, zone, booking.resource.name, booking.resource.colour
        ),
        new=new,
        words=text,
        tone=tone,
        icon=icon,
        told=told.happened,
        can=told.can,
        may_change=stands in standing.MAY_CHANGE,
        mark=_mark(row, stands, write, new),
    )


def place_of(slot: Slot, old_at: datetime, zone: ZoneInfo) -> Place:
    """A slot beside the time it would replace."""
    name = slot.resource_name or slot.resource_id
    apart = _apart(slot.starts_at, old_at, zone)
    return _place(slot.starts_at, slot.ends_at, zone, name, slot.resource_colour, apart)


def _who(row: RescueRow) -> str:
    lead = row.booking.lead
    nameless = gettext("a lead without a name")
    return (lead.name or lead.phone or lead.email or nameless) if lead else nameless


def _new(row: RescueRow, stands: Standing, write: Write | None, zone: ZoneInfo) -> Place | None:
    """Where it went; where it is going; where it could go."""
    old_at, moved_to = row.booking.starts_at, row.booking.moved_to
    if stands == Standing.MOVED and moved_to is not None:
        apart = _apart(moved_to.starts_at, old_at, zone)
        resource = moved_to.resource
        return _place(
            moved_to.starts_at, moved_to.ends_at, zone, resource.name, resource.colour, apart
        )
    slot = rows.slot_on_its_way(write) if stands in {Standing.MOVING, Standing.STUCK} else None
    slot = slot or rows.slot_of(row)
    return place_of(slot, old_at, zone) if slot else None


def _place(
    starts_at: datetime, ends_at: datetime, zone: ZoneInfo, whom: str, colour: str, apart: str = ""
) -> Place:
    hours = f"{moments.hour(starts_at, zone)}–{ends_at.astimezone(zone):%H:%M}"
    return Place(
        when=moments.spoken(starts_at, ends_at, zone),
        hours=hours,
        day=moments.dated(starts_at, zone).rsplit(",", 1)[0],
        whom=whom,
        colour=colour,
        apart=apart,
    )


def _apart(new_at: datetime, old_at: datetime, zone: ZoneInfo) -> str:
    """ "same time", "30 min later", or "" on another day, where the day says it."""
    if new_at.astimezone(zone).date() != old_at.astimezone(zone).date():
        return ""
    minutes = round((new_at - old_at).total_seconds() / 60)
    if not minutes:
        return gettext("same time")
    text = gettext("{n} min later") if minutes > 0 else gettext("{n} min earlier")
    return text.format(n=abs(minutes))


def _stands(row: RescueRow, stands: Standing, write: Write | None) -> tuple[Text, str, str]:
    if stands in rescue_words.STANDINGS:
        return rescue_words.STANDINGS[stands]
    if write is None or stands == Standing.OPEN:
        return rescue_words.OPEN[row.answer]
    step = sentences.step(write.kind, write.step) if write.state == State.SENDING else None
    text = step.now if step else titles.title(write.kind, write.state, write.reason)
    tone, icon = words.TONES[write.state], words.STATE_ICONS[write.state]
    return text, tone, icon


def _told(stands: Standing, write: Write | None) -> sentences.Told:
    silent = {Standing.OPEN, Standing.STOPPED, Standing.ELSEWHERE, *standing.ENDED}
    if write is None or stands in silent or write.state in {State.DUE, State.SENDING, State.HELD}:
        return sentences.NO_STORY
    return sentences.reason(write.reason)


def _mark(row: RescueRow, stands: Standing, write: Write | None, new: Place | None) -> str:
    moved = (write.pk, write.state, write.reason, write.step) if write else ()
    shown = (stands, row.answer, row.note, moved, new)
    return f"{zlib.crc32(repr(shown).encode()):08x}"
