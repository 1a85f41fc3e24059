"""Creating a lead: not idempotent at Connect and not readable back (contract 5.2, 8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import followers, journal, lead_mirror, sending
from bookingapp.domain.kinds import by_event, steps
from bookingapp.domain.kinds.one_step import OneStep
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Reason, State


class CreateLead(OneStep):
    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if write.lead is not None and write.lead.connect_id:
            # RocketLead told of it before this could be sent again.
            return self._told_of(write, now=now)
        answer = sending.send(write, self._call(write), evidence={})
        asks = policy_of(write.organisation.settings).lead_after_500 == "ask"
        if answer.judgement.reason == Reason.CONNECT_FAILED and asks:
            return steps.end(self, write, answer, State.STUCK, reason=Reason.CONNECT_FAILED)
        return steps.settle(self, write, answer)

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """Nothing at Connect can be asked about a lead: only a person or an inbound event knows."""
        if write.lead is not None and write.lead.connect_id:
            return self._told_of(write, now=now)
        with transaction.atomic():
            journal.move(write, State.STUCK, reason=Reason.CANNOT_TELL, now=now)
        return ()

    def apply(
        self, write: Write, value: connect.Lead, *, step: str, now: datetime
    ) -> dict[str, Any]:
        if write.lead is not None:
            write.lead = lead_mirror.created(write.lead, value, write=write, now=now)
        return {"lead_id": value.id}

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        if write.lead is not None:
            write.lead = lead_mirror.settled(write.lead, connect_id=connect_id, now=now)

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        if write.state == State.DONE:
            return followers.release(write, now=now)
        if write.state in {State.REFUSED, State.UNDONE}:
            followers.refuse(write, reason=Reason.LEAD_REFUSED, now=now)
            if write.lead is not None:
                ours = Lead.objects.filter(pk=write.lead.pk, connect_id="")
                ours.update(never_created=True)
        return ()

    def _told_of(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        with transaction.atomic():
            return by_event.created(self, write, heard={}, now=now)

    def _call(self, write: Write) -> connect.Call[connect.Lead]:
        asked = write.payload
        return connect.create_lead(
            table_id=asked["table_id"],
            lead_state_id=asked["lead_state_id"],
            data=asked["data"],
            custom_field_data=asked.get("custom_field_data"),
            interested_in_appointment_type_id=asked.get("interested_in") or None,
        )
