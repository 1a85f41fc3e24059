"""The buttons of a card under "Needs you", in order: what they send, and what they say. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind, Reason, State
from bookingapp.web.presenters import settlement_words
from bookingapp.web.presenters.sentences import Text
from bookingapp.web.presenters.settlement_words import Ways

GIVE_UP = _("Give up")
SEEN = _("Seen")
ELSEWHERE: dict[str, Text] = {
    Kind.BOOK: _("Another time on the grid"),
    Kind.RESCHEDULE: _("Close this and choose on the grid"),
}
CHOOSE_AGAIN: dict[str, Text] = {
    Kind.BOOK: _("Choose another time"),
    Kind.RESCHEDULE: _("Choose another new time"),
    Kind.CANCEL: _("Cancel it again"),
}
BOOK_ANOTHER = _("Book another time")
HAS_ONE_AGAIN = _("Close it: this appointment stands now")


@dataclass(frozen=True, slots=True)
class Button:
    """``action`` is what the form sends; ``key`` presses it while the card has the focus."""

    action: str
    text: Text
    icon: str = ""
    look: str = ""
    key: str = ""


def spoken(write: Write, names: Mapping[str, str]) -> Ways | None:
    """What to ask about a stuck write, with the times and names filled in; None for others."""
    if write.state != State.STUCK:
        return None
    found = settlement_words.ways(write.kind, write.step, write.reason)

    def said(text: Text) -> str:
        return str(text).format(**names)

    return replace(
        found,
        question=said(found.question),
        present=said(found.present),
        absent=said(found.absent),
        close=said(found.close),
        after_closing=settlement_words.after_closing(write) or said(found.after_closing),
    )


def offers(write: Write, action: str) -> bool:
    """Whether the card of a stuck write has that button: an answer nobody was asked for is none."""
    ways = spoken(write, {"who": "", "state": ""})
    return any(way.action == action for way in buttons(write, ways, stands_again=False))


def buttons(write: Write, ways: Ways | None, *, stands_again: bool) -> list[Button]:
    """``stands_again``: a lead that lost its appointment has been given another one since."""
    found = list(_stuck(write, ways, stands_again=stands_again) if ways else _others(write))
    if write.state == State.ASKING:
        # There the digits belong to the alternatives.
        return found
    return [replace(button, key=str(number)) for number, button in enumerate(found, start=1)]


def _stuck(write: Write, ways: Ways, *, stands_again: bool) -> Iterator[Button]:
    lost = write.reason == Reason.NO_APPOINTMENT
    closing = HAS_ONE_AGAIN if stands_again else ways.close
    close = Button("close", closing, "check" if stands_again else "", "quiet")
    if stands_again:
        yield replace(close, look="primary")
    elif lost:
        yield Button("elsewhere", BOOK_ANOTHER, "calendar", "primary")
    if ways.present:
        yield Button("present", ways.present, "check", "" if lost else "primary")
    if ways.absent:
        yield Button("absent", ways.absent, "send")
    if not stands_again:
        yield close


def _others(write: Write) -> Iterator[Button]:
    if write.state == State.ASKING:
        yield Button("elsewhere", ELSEWHERE[write.kind], "calendar")
        yield Button("close", GIVE_UP, look="quiet")
    elif write.state in TERMINAL:
        if write.state == State.REFUSED and write.kind in CHOOSE_AGAIN:
            yield Button("elsewhere", CHOOSE_AGAIN[write.kind], "calendar", "primary")
        yield Button("seen", SEEN, "check")
    elif write.state == State.WAITING:
        yield Button("close", settlement_words.CLOSE, look="quiet")
