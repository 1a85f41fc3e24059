"""How a row of a rescue stands, and what may be done with it. Pure: it looks at what was loaded."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bookingapp.domain.models import RescueRow, Write
from bookingapp.domain.models.booking import Gone
from bookingapp.domain.states import UNFINISHED, Kind, State


class Standing(StrEnum):
    """Where a row stands."""

    OPEN = "open"  # nothing was asked for, or it was undone
    MOVING = "moving"  # its move is on its way
    CANCELLING = "cancelling"  # its cancel is on its way
    HELD = "held"  # its cancel can still be undone
    ASKING = "asking"  # its slot was taken: a person must choose
    STUCK = "stuck"  # a person must say what is true
    REFUSED = "refused"  # Connect did not accept it
    STOPPED = "stopped"  # it was stopped before anything was sent
    ELSEWHERE = "elsewhere"  # something outside this rescue changes it
    MOVED = "moved"
    CANCELLED = "cancelled"
    PASSED = "passed"  # the old time came and nothing had happened


# Nothing more happens to these by themselves.
ENDED = frozenset({Standing.MOVED, Standing.CANCELLED, Standing.PASSED})
ON_ITS_WAY = frozenset({Standing.MOVING, Standing.CANCELLING, Standing.HELD})
MAY_CHANGE = frozenset({Standing.OPEN, Standing.REFUSED, Standing.STOPPED})


def standing_of(row: RescueRow, now: datetime) -> Standing:
    """``row`` as ``rows.rows_of`` loads it."""
    unfinished = current_write(row)
    if unfinished is not None:
        return _unfinished(row, unfinished)
    if row.booking.gone_at is not None:
        moved = row.booking.gone_as == Gone.MOVED
        return Standing.MOVED if moved else Standing.CANCELLED
    if row.booking.starts_at <= now:
        return Standing.PASSED
    if row.write is None or row.write.state == State.DONE:
        return Standing.OPEN
    return Standing.REFUSED if row.write.state == State.REFUSED else Standing.STOPPED


def current_write(row: RescueRow) -> Write | None:
    """The unfinished change of the row's booking, whoever asked for it."""
    if row.write is not None and row.write.state in UNFINISHED:
        return row.write
    unfinished: list[Write] = getattr(row.booking, "unfinished", [])
    return unfinished[0] if unfinished else None


def may_change(row: RescueRow, now: datetime) -> bool:
    """Whether its answer and its proposal are still for us to choose."""
    return standing_of(row, now) in MAY_CHANGE


def may_open(row: RescueRow, now: datetime) -> bool:
    """Whether running the rescue asks for this row's move."""
    return row.answer == RescueRow.Answer.AGREED and may_change(row, now)


def _unfinished(row: RescueRow, write: Write) -> Standing:
    if write.pk != row.write_id:
        return Standing.ELSEWHERE
    special = {
        State.ASKING: Standing.ASKING,
        State.STUCK: Standing.STUCK,
        State.HELD: Standing.HELD,
    }
    usual = Standing.CANCELLING if write.kind == Kind.CANCEL else Standing.MOVING
    return special.get(State(write.state), usual)
