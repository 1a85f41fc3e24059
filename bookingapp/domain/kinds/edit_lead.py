"""Changing what is known of a lead: its data, custom fields, follow-up date, interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp.domain import followers
from bookingapp.domain.kinds import lead_patch, repeat, turns
from bookingapp.domain.kinds.one_step import OneStep
from bookingapp.domain.models import Write


class EditLead(OneStep):
    def is_repeatable(self, write: Write) -> bool:
        return True

    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if turns.wait_for_turn(write, now=now):
            return ()
        return lead_patch.send(self, write, write.payload["changes"], now=now)

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return repeat.check(self, write, now=now)

    def apply(self, write: Write, value: Any, *, step: str, now: datetime) -> dict[str, Any]:
        return lead_patch.apply(write, value, write.payload["changes"], now=now)

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        lead_patch.apply(write, None, write.payload["changes"], now=now)

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        return followers.next_turn(write, now=now)
