"""What a card under "Needs you" tells: what it is about, its times, and what came back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import sagas
from bookingapp.domain.kinds import booking_slot, old_booking
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Kind, Reason
from bookingapp.web.presenters import cancel_words, changes_told, moments, sentences, timeline

Fact = tuple[str, str]
Told = Mapping[str, str]
NOTHING_TELLS = _("It may or may not have worked, and nothing at Connect says which.")
UNCHANGED = _("Nothing was changed.")
# They change what is there; the others make something new.
CHANGES = frozenset({Kind.RESCHEDULE, Kind.CANCEL})
# Of an edit so many fields are told; its page has all of them.
MOST_FIELDS = 6
# There is no doubt that the step they are at did not work.
FAILED = frozenset({Reason.NO_APPOINTMENT, Reason.TWO_BOOKINGS, Reason.NOT_RESTORED})
STANDINGS = {
    "done": ("good", "check"),
    "failed": ("bad", "cross"),
    "now": ("warning", "bell"),
    "ahead": ("quiet", "clock"),
}
# The lead state a step sets: the one for the time of a move, or the lead's own again.
STATE_OF_STEP = {"mark": "to", "lead_state": "to", "restore": "back"}


@dataclass(frozen=True, slots=True)
class Step:
    """``here`` is where it came to a halt."""

    text: str
    tone: str
    icon: str
    here: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An answer or a decision, the last of ``times`` equal ones in a row."""

    entry: timeline.Entry
    times: int


def times(write: Write, zone: ZoneInfo) -> dict[str, str]:
    """``old`` and ``new``, each in the zone of its own calendar; "" where there is none."""
    old = new = ""
    if write.kind in {Kind.RESCHEDULE, Kind.CANCEL}:
        kept = old_booking.old_of(write)
        old = changes_told.place(old_booking.slot_of(kept), moments.zone_of(kept.zone))
    if write.kind in {Kind.BOOK, Kind.RESCHEDULE}:
        new = changes_told.place(_wanted(write), zone)
    return {"old": old, "new": new}


def _wanted(write: Write) -> Slot:
    """The slot asked for; while the old one is put back, that is kept beside it."""
    wanted = write.payload.get("wanted")
    if wanted:
        return msgspec.convert(wanted["slot"]["slot"], Slot)
    return booking_slot.chosen(write)[0]


def state(write: Write, names: Told) -> str:
    """The name of the lead state that the write is about to set, at the step it is at."""
    mark = write.payload.get("mark") or {}
    key = STATE_OF_STEP.get(write.step)
    wanted = mark.get(key) if key else write.payload.get("to")
    return names.get(str(wanted or ""), "") or gettext("not known here")


def about(write: Write, told: Told, names: Told, zone: ZoneInfo) -> Iterator[Fact]:
    """What was to be changed; a plain booking's time stands beside its lead already."""
    match write.kind:
        case Kind.RESCHEDULE:
            yield gettext("Old time"), told["old"]
            yield gettext("New time"), told["new"]
        case Kind.CANCEL:
            yield gettext("Appointment"), told["old"]
            yield gettext("Reason"), cancel_words.spoken(write.payload)
        case Kind.MOVE_LEAD:
            if write.payload.get("from"):
                yield gettext("From"), _named(write, "from", names)
            yield gettext("To"), _named(write, "to", names)
        case Kind.EDIT_LEAD:
            yield from _fields(write, names, zone)
    if write.reason == Reason.SECOND_ANSWER and write.result.get("second_id"):
        yield gettext("Second id"), str(write.result["second_id"])[:200]


def told(write: Write) -> sentences.Told:
    """The story of its reason, without what is true of bookings only."""
    found = sentences.reason(write.reason, write.kind)
    if write.reason == Reason.CANNOT_TELL and not write.result.get("evidence"):
        return replace(found, happened=NOTHING_TELLS)
    if write.reason == Reason.INVALID and write.kind in CHANGES:
        return replace(found, ahead=UNCHANGED)
    return found


def _fields(write: Write, names: Told, zone: ZoneInfo) -> Iterator[Fact]:
    changes = list(changes_told.of(write, zone, names))
    for one in changes[:MOST_FIELDS]:
        after = one.after or gettext("removed")
        yield one.name, f"{one.before} → {after}" if one.before else after
    if len(changes) > MOST_FIELDS:
        more = len(changes) - MOST_FIELDS
        yield gettext("And"), ngettext("{n} more field", "{n} more fields", more).format(n=more)


def steps(write: Write) -> Iterator[Step]:
    """How far a change of several steps has come; what waits for a person is not on its way."""
    for one in sagas.progress(write):
        told = sentences.step(write.kind, one.step)
        if told is None:
            continue
        failed = one.standing == "now" and write.reason in FAILED
        tone, icon = STANDINGS["failed" if failed else one.standing]
        texts = {"done": told.done, "failed": told.failed}
        text = told.failed if failed else texts.get(one.standing, told.ahead)
        yield Step(str(text), tone, icon, here=one.standing == "now")


def entries(write: Write, reader: timeline.Reader) -> list[Known]:
    """The answers received and what people decided, oldest first; the rest is on its own page.
    What came several times in a row is told once.
    """
    story = timeline.story(write, reader)
    wanted = (
        entry
        for entry in story
        # Who asked for it stands below; only what was decided since belongs here.
        if entry.request_id or (entry.who and entry.instant > write.created_at)
    )
    rows = groupby(wanted, key=lambda entry: (entry.title, entry.text))
    return [Known(entry=last, times=count) for last, count in map(_last, (row for _, row in rows))]


def _last(row: Iterable[timeline.Entry]) -> tuple[timeline.Entry, int]:
    found = list(row)
    return found[-1], len(found)


def stands(booking: Booking) -> str:
    """An appointment that a lead has; needs its calendar and resource at hand."""
    when = moments.dated(booking.starts_at, moments.zone_of(booking.calendar.zone))
    return gettext("{time} with {resource}").format(time=when, resource=booking.resource.name)


def _named(write: Write, key: str, names: Told) -> str:
    return names.get(str(write.payload.get(key) or ""), "") or gettext("not known here")
