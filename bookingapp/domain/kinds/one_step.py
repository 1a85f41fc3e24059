"""What kinds of one step have in common: its end is the end of the write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bookingapp import connect
from bookingapp.domain.kinds.protocol import Onward
from bookingapp.domain.models import Write
from bookingapp.domain.states import Reason, State


class OneStep:
    scope = connect.Scope.WRITE

    def scope_of(self, write: Write) -> connect.Scope:
        return self.scope

    def is_repeatable(self, write: Write) -> bool:
        return False

    def onward(self, write: Write, *, ended: Mapping[str, str]) -> Onward:
        return Onward(State.DONE)

    def declined(self, write: Write) -> Onward:
        return Onward(State.REFUSED, Reason.DECLINED)

    def fails_as(self, write: Write) -> Reason | None:
        return None

    def stuck_as(self, write: Write, reason: Reason) -> Reason:
        return reason

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return ()
