"""The form of a call's outcome: one button says what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookingapp.domain import follow_up_dates, follow_up_outcomes
from bookingapp.domain.errors import Invalid
from bookingapp.domain.follow_up_outcomes import AskedOutcome, Outcome

LONGEST_ID, LONGEST_DATE = 18, 40
# What Enter in a field means, where no button was pressed: the date, if there is one.
ENTER = "enter"
# Another time than the ones offered.
OWN, FIRST, SECOND = "own", "own_first", "own_second"
AGAIN = "again_"


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    """What was sent. ``pressed`` is the button: an outcome, "again_<choice>" or "again_own"."""

    pressed: str
    note: str
    at: str
    state: str
    intent: str
    seen: str
    seen_date: str
    force: bool

    @classmethod
    def of(cls, given: Mapping[str, str]) -> OutcomeForm:
        def text(name: str, most: int = 200) -> str:
            return given.get(name, "").replace("\x00", "")[:most]

        return cls(
            pressed=text("outcome"),
            note=text("note", follow_up_outcomes.LONGEST_NOTE),
            at=text("at", LONGEST_DATE).strip(),
            state=text("state"),
            intent=text("intent"),
            seen=text("seen"),
            seen_date=text("seen_date", LONGEST_DATE),
            force=bool(text("force")),
        )

    def asked(self, *, now: datetime, zone: ZoneInfo) -> AskedOutcome:
        """Raises Invalid for "outcome" (which), "at" (see follow_up_dates.typed), "intent"."""
        outcome = self._outcome()
        until = self._until(now, zone) if outcome == Outcome.NOT_REACHED else None
        return AskedOutcome(
            intent=self.known_intent(),
            outcome=outcome,
            until=until,
            to_state=self.state if outcome == Outcome.MOVED else "",
            note=self.note,
            seen=None if self.force else self._seen(),
            seen_date=None if self.force else self.seen_date,
        )

    def _outcome(self) -> Outcome:
        if self.pressed.startswith(AGAIN) or (self.pressed == ENTER and self.at):
            return Outcome.NOT_REACHED
        try:
            return Outcome(self.pressed)
        except ValueError:
            raise Invalid({"outcome": "outcome"}) from None

    def _until(self, now: datetime, zone: ZoneInfo) -> datetime:
        code = self.pressed.removeprefix(AGAIN)
        if at := follow_up_dates.chosen(code, now, zone):
            return at
        second = {FIRST: False, SECOND: True}.get(code)
        return follow_up_dates.typed(self.at, now, zone, second=second)

    def known_intent(self) -> uuid.UUID:
        """Raises Invalid for "intent"."""
        try:
            return uuid.UUID(self.intent)
        except ValueError:
            raise Invalid({"intent": "unreadable"}) from None

    def _seen(self) -> int | None:
        is_key = self.seen.isascii() and self.seen.isdigit() and len(self.seen) <= LONGEST_ID
        return int(self.seen) if is_key else None
