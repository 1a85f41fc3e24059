"""A lead as a row of the table: its card and the texts of its columns. No query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from bookingapp.domain.lead_marks import Mark
from bookingapp.domain.models import Booking, Lead
from bookingapp.web.presenters.lead_card import Card, Cards
from bookingapp.web.presenters.lead_columns import Cells, Column


@dataclass(frozen=True, slots=True)
class Cell:
    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """``place`` and ``colour`` are of the state where the board shows it; ``is_elsewhere``: one
    that the pool does not offer.
    """

    card: Card
    cells: tuple[Cell, ...]
    email: str
    place: str
    colour: str
    is_elsewhere: bool
    # Of the next move of this lead; not part of what is shown.
    intent: UUID = field(default_factory=uuid4, repr=False, compare=False)


class Rows:
    """Makes the rows of one page. ``colours`` of states by Connect's id."""

    def __init__(
        self, cards: Cards, cells: Cells, columns: Sequence[Column], colours: dict[str, str]
    ) -> None:
        self._cards, self._cells, self._columns = cards, cells, columns
        self._colours = colours

    def of(self, lead: Lead, mark: Mark | None, booking: Booking | None) -> Row:
        cells = tuple(
            Cell(one.key, str(one.label), self._cells.text(one.key, lead, booking))
            for one in self._columns
        )
        card = self._cards.of(lead, mark, booking)
        place = self._cells.place(lead.board_state)
        colour = self._colours.get(lead.board_state)
        return Row(card, cells, lead.email, place, colour or "", is_elsewhere=colour is None)
