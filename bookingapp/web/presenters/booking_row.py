"""A booking, or a write that has none yet, as a row of a list, of a day, of a file.

Nothing here asks the database: the rows come with all they need (see ``domain.booking_list``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from bookingapp.domain.booking_list import Change, Line
from bookingapp.domain.kinds import booking_slot, old_booking
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import PAUSES, TERMINAL, Kind, State
from bookingapp.web import words
from bookingapp.web.presenters import cancel_words, moments, sentences
from bookingapp.web.presenters.sentences import Text

_ANY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Badge:
    text: Text
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``zone`` is filled where it must be said, an address where one may go there."""

    key: UUID
    url: str
    name: str
    phone: str
    badge: Badge
    starts_at: datetime
    time: str
    dated: str
    local_day: date
    zone: str
    resource: str = ""
    colour: str = ""
    type: str = ""
    calendar: str = ""
    by: str = ""
    notes: tuple[str, ...] = ()
    is_gone: bool = False
    # It stands and nothing is changing it.
    is_plain: bool = False
    gone_to: str = ""
    move: str = ""
    cancel: str = ""

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(char for char in self.phone if char in "+0123456789")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; ``dated`` where each row must say its day itself."""

    title: Text
    rows: tuple[Row, ...]
    dated: bool = False
    icon: str = ""


class Presenter:
    """Makes the rows of one page of one organisation; ``now`` is an aware UTC instant."""

    def __init__(self, slug: str, *, now: datetime, says_zone: bool) -> None:
        self._now, self._says_zone = now, says_zone
        self._detail, self._move, self._cancel = (
            reverse(name, kwargs={"slug": slug, "pk": _ANY})
            for name in ("booking-detail", "booking-move", "booking-cancel")
        )

    def line(self, line: Line) -> Row:
        """A booking that Connect has confirmed, as it stands or as it ended."""
        booking, change = line.booking, line.change
        zone = moments.zone_of(booking.calendar.zone)
        stands = booking.gone_at is None and change is None
        return replace(
            self._row(booking.pk, booking.starts_at, booking.ends_at, zone, booking.lead),
            badge=_badge_of(booking, change, self._now),
            resource=booking.resource.name or booking.resource.connect_id,
            colour=booking.resource.colour,
            type=booking.appointment_type.name,
            calendar=booking.calendar.name,
            by=person_name(booking.booked_by),
            notes=tuple(_notes(line, zone)),
            is_gone=booking.gone_at is not None,
            is_plain=stands,
            gone_to=self._address(self._detail, booking.moved_to_id),
            move=self._address(self._move, booking.pk if self._may_move(booking, stands) else None),
            cancel=self._address(self._cancel, booking.pk if stands else None),
        )

    def write(self, write: Write) -> Row:
        """Something asked for that is not, or not yet, what Connect has."""
        slot, zone = slot_of(write), moments.zone_of(str(write.payload.get("zone", "")))
        about = write.about
        pk = about.pk if about else write.pk
        calendar, kind = (about.calendar, about.appointment_type) if about else (None, None)
        return replace(
            self._row(pk, slot.starts_at, slot.ends_at, zone, write.lead),
            badge=badge(write.kind, write.state, write.reason),
            resource=slot.resource_name or slot.resource_id,
            colour=slot.resource_colour,
            type=kind.name if kind else "",
            calendar=calendar.name if calendar else "",
            by=person_name(write.person),
            notes=tuple(_notes_of(write, zone)),
        )

    def _row(
        self, pk: UUID, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, lead: Any
    ) -> Row:
        name = (lead and (lead.name or lead.email)) or gettext("a lead without a name")
        return Row(
            key=pk,
            url=self._address(self._detail, pk),
            name=name,
            phone=lead.phone if lead else "",
            badge=_NO_BADGE,
            starts_at=starts_at,
            time=f"{moments.hour(starts_at, zone)}–{moments.hour(ends_at, zone)}",
            dated=moments.dated(starts_at, zone),
            local_day=starts_at.astimezone(zone).date(),
            zone=zone_words(zone) if self._says_zone else "",
        )

    def _may_move(self, booking: Booking, stands: bool) -> bool:  # noqa: FBT001 - private
        return stands and booking.ends_at > self._now

    def _address(self, shape: str, pk: UUID | None) -> str:
        return shape.replace(str(_ANY), str(pk)) if pk else ""


def by_day(rows: Iterable[Row]) -> list[Group]:
    """A group wherever the local day is another one than in the row before."""
    days = groupby(rows, key=lambda row: row.local_day)
    return [Group(day_words(day), tuple(found)) for day, found in days]


def day_words(day: date) -> str:
    """ "Tuesday 24 November 2026"."""
    return dateformat.format(day, pgettext("day as a heading (Django date letters)", "l j F Y"))


def zone_words(zone: ZoneInfo) -> str:
    """ "Asia/Kathmandu", as the other pages name a zone."""
    return zone.key.replace("_", " ")


def person_name(person: Any) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""


def badge(kind: str, state: str, reason: str) -> Badge:
    """How an unfinished or refused write stands."""
    if state == State.WAITING and reason in PAUSES:
        return Badge(sentences.PAUSED, "warning", "key")
    title = sentences.title(kind, state, reason)
    return Badge(title, words.TONES.get(state, "quiet"), words.STATE_ICONS.get(state, "info"))


def slot_of(write: Write) -> Slot:
    """The slot a write is about: the new one of a move, the old one of a cancel."""
    if write.kind == Kind.CANCEL:
        return old_booking.slot_of(old_booking.old_of(write))
    return booking_slot.chosen(write)[0]


def state_word(booking: Booking) -> Text:
    """One word for a file: it stands, it was cancelled, it was moved."""
    return sentences.DONE_WORDS[booking.gone_as or "title"]


def ended_because(booking: Booking) -> str:
    """The reason of a cancel in words; what was kept of it where its write is not known."""
    if booking.gone_by is not None and booking.gone_by.kind == Kind.CANCEL:
        return cancel_words.spoken(booking.gone_by.payload)
    return cancel_words.label(booking.gone_reason)


_NO_BADGE = Badge("", "quiet", "info")


def _badge_of(booking: Booking, change: Change | None, now: datetime) -> Badge:
    word = state_word(booking)
    if booking.gone_at is not None:
        return Badge(word, "quiet", "right" if booking.gone_as == "moved" else "cross")
    if change is not None:
        return badge(change.kind, change.state, change.reason)
    return Badge(word, "good" if booking.ends_at > now else "quiet", "check")


def _notes(line: Line, zone: ZoneInfo) -> Iterator[str]:
    booking, change = line.booking, line.change
    if booking.gone_as == "moved" and booking.moved_to:
        yield _to(booking.moved_to.starts_at, moments.zone_of(booking.moved_to.calendar.zone))
    elif line.moved_from:
        yield gettext("Before: {when}").format(when=moments.dated(line.moved_from, zone))
    if booking.gone_as in {"cancelled", "elsewhere"}:
        yield from _ended(booking, zone)
    if change is not None and change.kind == Kind.RESCHEDULE:
        slot = change.payload.get("slot", {}).get("slot", {})
        starts_at = moments.instant(slot.get("startDateTime"))
        if starts_at:
            yield _to(starts_at, moments.zone_of(str(change.payload.get("zone", ""))))


def _notes_of(write: Write, zone: ZoneInfo) -> Iterator[str]:
    if write.kind == Kind.RESCHEDULE and write.about:
        yield gettext("Before: {when}").format(when=moments.dated(write.about.starts_at, zone))
    if write.state not in TERMINAL or write.state == State.REFUSED:
        yield gettext("Asked for {when}").format(when=moments.dated(write.created_at, zone))


def _to(starts_at: datetime, zone: ZoneInfo) -> str:
    return gettext("To: {when}").format(when=moments.dated(starts_at, zone))


def _ended(booking: Booking, zone: ZoneInfo) -> Iterator[str]:
    told = moments.dated(booking.gone_at, zone) if booking.gone_at else ""
    person = person_name(booking.gone_by.person) if booking.gone_by else ""
    yield ", ".join(part for part in (told, person) if part)
    if because := ended_because(booking):
        yield because
