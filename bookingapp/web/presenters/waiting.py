"""The waiting list in words: who waits for what, since when, and how long still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext, ngettext

from bookingapp.domain import waiting
from bookingapp.domain.models import WaitingMark
from bookingapp.web.presenters import grid_words, moments

OPEN, AHEAD, OVER, BOOKED, WITHDRAWN = "open", "ahead", "over", "booked", "withdrawn"


@dataclass(frozen=True, slots=True)
class Row:
    """One mark as a line: no question to the database."""

    mark: WaitingMark
    standing: str
    days: str
    left: str
    since: str
    later: str

    @property
    def is_open(self) -> bool:
        return self.standing in {OPEN, AHEAD}


@dataclass(frozen=True, slots=True)
class Group:
    """The open rows of one type in one calendar."""

    type_name: str
    calendar_name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Listing:
    """``lately``: over, served or taken off in the last days."""

    groups: list[Group]
    lately: list[Row]


def listing(marks: Iterable[WaitingMark], *, now: datetime) -> Listing:
    """``marks`` come sorted by type and calendar."""
    rows = [row(one, now=now) for one in marks]
    groups = [
        Group(_name(own[0].mark.appointment_type), _name(own[0].mark.calendar), own)
        for _key, found in groupby((one for one in rows if one.is_open), _place)
        if (own := list(found))
    ]
    return Listing(groups, [one for one in rows if not one.is_open])


def row(one: WaitingMark, *, now: datetime) -> Row:
    zone = moments.zone_of(one.calendar.zone)
    today = waiting.today_in(one.calendar.zone, now)
    later = one.booking if one.booking and one.booking.gone_at is None else None
    return Row(
        mark=one,
        standing=_standing(one, today),
        days=grid_words.span(one.from_day, one.until_day),
        left=_left(one, today),
        since=moments.dated(one.created_at, zone),
        later=moments.dated(later.starts_at, zone) if later else "",
    )


def _place(one: Row) -> tuple[int, int]:
    return one.mark.appointment_type_id, one.mark.calendar_id


def _standing(one: WaitingMark, today: date) -> str:
    if one.ended_at is not None:
        return BOOKED if one.ended_as == WaitingMark.End.BOOKED else WITHDRAWN
    if one.until_day < today:
        return OVER
    return AHEAD if one.from_day > today else OPEN


def _left(one: WaitingMark, today: date) -> str:
    """How long the mark still counts."""
    if one.from_day > today:
        days = (one.from_day - today).days
        return ngettext("begins in {n} day", "begins in {n} days", days).format(n=days)
    days = (one.until_day - today).days
    if days < 0:
        return gettext("the days are over")
    if days == 0:
        return gettext("today is the last day")
    return ngettext("{n} day left", "{n} days left", days).format(n=days)


def _name(thing: object) -> str:
    return str(thing)
