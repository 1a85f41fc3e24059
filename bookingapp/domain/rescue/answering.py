"""What was said on the phone, kept the moment it is noted."""

from __future__ import annotations

from datetime import datetime

from bookingapp.domain.errors import DomainError
from bookingapp.domain.models import RescueRow
from bookingapp.domain.rescue import standing
from bookingapp.domain.rescue.rows import slot_of

LONGEST_NOTE = 300


class NotNow(DomainError):
    """The row is on its way, or it is over: what the lead said changes nothing any more."""

    code = "not_now"


class NoProposal(DomainError):
    """Nobody can agree to a time that was not proposed."""

    code = "no_proposal"


def answer(row: RescueRow, text: str, *, now: datetime) -> None:
    """Keep what the lead said; "" takes it back, and so does anything that is no answer.

    Raises NotNow or NoProposal.
    """
    if not standing.may_change(row, now):
        raise NotNow
    given = text if text in RescueRow.Answer.values else ""
    if given == RescueRow.Answer.AGREED and slot_of(row) is None:
        raise NoProposal
    row.answer = given
    row.save(update_fields=["answer"])


def note(row: RescueRow, text: str) -> None:
    # PostgreSQL keeps no such character.
    row.note = text.replace("\x00", "").strip()[:LONGEST_NOTE]
    row.save(update_fields=["note"])
