"""The grid's words and dates in the language of the request: the one presenter with Django."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import dateformat, translation
from django.utils.translation import gettext, pgettext

from bookingapp.web.presenters.grid_markup import Words


class DayNames:
    """Day names of one language; built inside that language."""

    def __init__(self) -> None:
        self._long = pgettext("day format (Django date letters)", "l j F")
        self._weekday = pgettext("short weekday format (Django date letters)", "D")
        self._day = pgettext("short day format (Django date letters)", "j M")

    def long(self, day: date) -> str:
        return dateformat.format(day, self._long)

    def short(self, day: date) -> tuple[str, str]:
        return dateformat.format(day, self._weekday), dateformat.format(day, self._day)


def words() -> Words:
    """The words of the active language; made once per language and process."""
    return _words(translation.get_language() or "en")


def day(one: date) -> str:
    """A day within a sentence: "24 November 2026"."""
    return dateformat.format(one, pgettext("day in a sentence (Django date letters)", "j F Y"))


def span(first: date, last: date) -> str:
    """A span of days as a heading: "23 – 29 November 2026"."""
    if first == last:
        return dateformat.format(first, pgettext("day heading (Django date letters)", "l j F Y"))
    whole = pgettext("last day of a span (Django date letters)", "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        start = pgettext("first day of a span within a month (Django date letters)", "j")
    else:
        start = pgettext("first day of a span over two months (Django date letters)", "j F")
    return f"{dateformat.format(first, start)} – {dateformat.format(last, whole)}"


def problem(code: str) -> str:
    """Why availability could not be read, as a sentence; "" for no problem."""
    if not code:
        return ""
    sentences = {
        "not_reached": gettext("Connect cannot be reached."),
        "address_closed": gettext("The address of Connect leads where this desk may not go."),
        "connect_failed": gettext("Connect answers with an error."),
        "slow_down": gettext("Connect asks us to slow down."),
        "token_rejected": gettext("Connect does not accept our token. An administrator renews it."),
        "scope_too_narrow": gettext("Our token is not allowed to read availability."),
        "no_token": gettext("This organisation has no API token yet. An administrator adds one."),
        "vanished": gettext("Connect no longer knows this calendar or appointment type."),
        "unreadable": gettext("Connect sent an answer that we cannot read."),
    }
    return sentences.get(code) or gettext("Something went wrong on our side. It has been logged.")


@lru_cache(maxsize=8)
def _words(language: str) -> Words:
    with translation.override(language):
        return Words(
            time=gettext("Time"),
            today=gettext("Today"),
            free=gettext("free"),
            n_free=gettext("{n} free"),
            n_left=gettext("{n} left"),
            full=gettext("full {booked}/{capacity}"),
            blocked=gettext("blocked"),
            past=gettext("past"),
            closed=gettext("closed"),
            name_free=gettext("{text} of {capacity}"),
            name_free_of_many=gettext("{text} of {capacity}, {resources} resources"),
            name_full=gettext("full {booked}/{capacity}, {booked} of {capacity} taken"),
            name_blocked=gettext("blocked: {name}"),
            name_past=gettext("past"),
            name_closed=gettext("closed"),
            name_none=gettext("not offered"),
            here=gettext("now here"),
            name_here=gettext("here is the booking that is being moved"),
            freed=gettext("free then"),
            name_freed=gettext("free once this booking moves"),
            dates=DayNames(),
        )
