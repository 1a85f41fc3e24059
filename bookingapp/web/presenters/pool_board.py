"""The board in words: its columns with name, colour, category and cards. No query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.catalogue.items import LeadState
from bookingapp.domain.pool_board import OTHER, Board, Column
from bookingapp.web.presenters.lead_card import Card, Cards

# Connect's categories of a lead state (contract 5.1); others are shown as they come.
CATEGORIES = {
    "new": _("New"),
    "inProgress": _("In progress"),
    "completed": _("Completed"),
    "notCompleted": _("Not completed"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as it is shown. ``is_closed``: this person moves nothing into or out of it."""

    key: str
    state: str
    name: str
    colour: str
    category: str
    count: int
    cards: list[Card]
    after: str
    is_folded: bool
    is_closed: bool
    most: int

    @property
    def is_other(self) -> bool:
        return self.key == OTHER

    @property
    def left(self) -> int:
        """How many more there are."""
        return max(self.count - len(self.cards), 0)


@dataclass(frozen=True, slots=True)
class Target:
    """A state that a lead can be moved to; ``letter`` picks it."""

    state: str
    name: str
    colour: str
    category: str
    letter: str
    is_closed: bool


def columns(
    board: Board, states: Mapping[str, LeadState], closed: Collection[str], cards: Cards
) -> list[Shown]:
    """``states`` by the key of their column."""
    return [_column(one, board, states.get(one.key), closed, cards) for one in board.columns]


def targets(states: Collection[LeadState], closed: Collection[str]) -> list[Target]:
    taken: set[str] = set()
    found = []
    for one in states:
        letter = _letter(one.name, taken)
        taken.add(letter)
        category = category_of(one.category)
        is_closed = one.connect_id in closed
        found.append(Target(one.connect_id, one.name, one.colour, category, letter, is_closed))
    return found


def category_of(code: str) -> str:
    return str(CATEGORIES.get(code, code))[:40]


def _column(
    column: Column,
    board: Board,
    state: LeadState | None,
    closed: Collection[str],
    cards: Cards,
) -> Shown:
    made: list[Any] = [
        cards.of(lead, board.marks.get(lead.pk), board.bookings.get(lead.pk), says_state=not state)
        for lead in column.leads
    ]
    return Shown(
        key=column.key,
        state=state.connect_id if state else "",
        name=state.name if state else gettext("States not in this pool"),
        colour=state.colour if state else "",
        category=category_of(state.category) if state else "",
        count=column.count,
        cards=made,
        after=column.after,
        is_folded=column.is_folded,
        is_closed=state is not None and state.connect_id in closed,
        most=column.most,
    )


def _letter(name: str, taken: Collection[str]) -> str:
    """ "" when none is left; M closes the menu again and is not given."""
    wanted = [one for one in name.casefold() if one.isascii() and one.isalpha()]
    free = [*wanted, *"abcdefghijklnopqrstuvwxyz"]
    return next((one for one in free if one not in taken and one != "m"), "")
