"""A write that waits for a person, as a card: what happened, what is known, what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web.presenters.alternatives import Alternative
from bookingapp.web.views import status_context
from bookingapp.web.views.status_context import Row


@dataclass(frozen=True, slots=True)
class Card:
    """``evidence`` is (name, value); ``alternatives`` only while the write asks."""

    row: Row
    zone: str
    alternatives: list[Alternative]
    evidence: list[tuple[str, str]]
    grid_url: str

    @property
    def is_stuck(self) -> bool:
        return self.row.write.state == State.STUCK

    @property
    def is_over(self) -> bool:
        """Nothing is left to decide; it only wants to be read."""
        return self.row.write.state in TERMINAL

    @property
    def may_close(self) -> bool:
        return self.row.write.state in {State.ASKING, State.WAITING}

    @property
    def is_asking(self) -> bool:
        return self.row.write.state == State.ASKING

    @property
    def is_lead(self) -> bool:
        return self.row.write.kind == Kind.CREATE_LEAD

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        seen = self.row.write.seen_at is not None
        return self.is_stuck or self.is_asking or (self.is_over and not seen)


def card(write: Write) -> Card:
    """No question to the database: everything is in the write and the catalogue kept at hand."""
    return Card(
        row=status_context.row(write),
        zone=status_context.zone_of(write).key,
        alternatives=status_context.alternatives_of(write, timezone.now()),
        evidence=status_context.evidence_of(write),
        grid_url=status_context.grid_url(write),
    )
