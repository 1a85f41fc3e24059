"""Cancelling a booking: the lead's state first if one is configured, and only then the delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp import connect
from bookingapp.domain import followers, gateway
from bookingapp.domain.kinds import deletion, lead_state, plan, repeat, steps, turns
from bookingapp.domain.kinds.one_step import OneStep
from bookingapp.domain.kinds.protocol import Onward
from bookingapp.domain.models import Gone, Write
from bookingapp.domain.states import Reason, State


class Cancel(OneStep):
    def scope_of(self, write: Write) -> connect.Scope:
        return connect.Scope.ADMIN if write.step == plan.DELETE else connect.Scope.WRITE

    def is_repeatable(self, write: Write) -> bool:
        return True

    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if not gateway.has_token(write.organisation, connect.Scope.ADMIN):
            # Nothing is begun that could not be finished.
            scope = connect.Scope.ADMIN.value
            return steps.pause(write, reason=Reason.NO_TOKEN, scope=scope, now=now)
        if turns.wait_for_turn(write, now=now):
            return ()
        if write.step == plan.LEAD_STATE:
            return lead_state.send(self, write, write.payload["mark"]["to"], now=now)
        return deletion.send(self, write, now=now)

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return repeat.check(self, write, now=now)

    def apply(self, write: Write, value: Any, *, step: str, now: datetime) -> dict[str, Any]:
        if step == plan.LEAD_STATE:
            return lead_state.apply(write, value, write.payload["mark"]["to"], now=now)
        reason, note = write.payload["reason"], write.payload.get("note", "")
        words = f"{reason}: {note}" if note else reason
        deletion.bury(write, Gone.CANCELLED, reason=words, now=now)
        return {}

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        self.apply(write, None, step=step, now=now)

    def onward(self, write: Write, *, ended: Mapping[str, str]) -> Onward:
        step = plan.cancel(marks="mark" in write.payload, ended=ended)
        if step:
            return Onward(State.DUE, Reason.STEP_DONE, step)
        if ended.get(plan.DELETE) == plan.DONE:
            return Onward(State.DONE)
        return Onward(State.REFUSED, Reason(write.result.get("why", Reason.INVALID)))

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return followers.next_turn(write, now=now)
