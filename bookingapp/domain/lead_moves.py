"""Moving a lead to another state: held for the undo window, so that a slip fires no automation."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bookingapp.domain import journal
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead, LeadState, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import TERMINAL, Kind, Reason, State


@transaction.atomic
def ask(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    to_state: str,
    *,
    intent: uuid.UUID,
    now: datetime,
    hold_seconds: float,
    may_cross: bool = False,
) -> Write | None:
    """The write that moves ``lead``, or None when there is nothing (left) to change.

    Moves within the window become one write: the last target counts, and going back to where the
    lead is undoes it. ``may_cross``: into and out of protected states. Raises Invalid for a state
    or a lead that Connect does not have, and for a protected state.
    """
    _check(organisation, lead, to_state, may_cross=may_cross)
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if known := _same_intent(organisation, intent):
        return known
    moves = lead.writes.filter(kind=Kind.MOVE_LEAD).order_by("-created_at", "-id")
    held = moves.filter(state=State.HELD, person=person).first()
    if held is not None:
        if [str(intent), to_state] in _asked(held):
            # The same form once more, perhaps late: what was asked for after it stands.
            return held
        return _collapse(held, to_state, intent, person=person, now=now, hold_seconds=hold_seconds)
    on_its_way = moves.exclude(state__in=TERMINAL).first()
    present = on_its_way.payload["to"] if on_its_way else lead.state_connect_id
    if not may_cross and present in policy_of(organisation.settings).protected_states:
        raise Invalid({"state": "protected"})
    if present == to_state and not (on_its_way and on_its_way.state == State.HELD):
        return on_its_way
    # What somebody else still holds may be undone; the same is then done for this person.
    start = lead.state_connect_id if present == to_state else present
    request = journal.Request(
        organisation,
        Kind.MOVE_LEAD,
        intent,
        person,
        {"from": start, "to": to_state},
        lead=lead,
        hold_seconds=hold_seconds,
    )
    return journal.open_write(request, now=now)[0]


def _asked(held: Write) -> list[list[str]]:
    """Intent and target of everything that became this one write."""
    first = held.payload.get("asked") or [[str(held.intent), held.payload["to"]]]
    return [list(pair) for pair in first]


def _collapse(
    held: Write,
    to_state: str,
    intent: uuid.UUID,
    *,
    person: Any,
    now: datetime,
    hold_seconds: float,
) -> Write | None:
    try:
        if held.payload["from"] == to_state:
            journal.move(held, State.UNDONE, reason=Reason.CHANGED_MIND, person=person, now=now)
            return None
        due_at = now + timedelta(seconds=hold_seconds)
        asked = [*_asked(held), [str(intent), to_state]]
        payload = {**held.payload, "to": to_state, "asked": asked}
        journal.move(
            held,
            State.HELD,
            reason=Reason.UNDO_WINDOW,
            person=person,
            now=now,
            due_at=due_at,
            payload=payload,
            result={},
        )
    except journal.Lost:
        # A worker took it at this moment; what it sends is what was asked for before.
        raise Invalid({"state": "just_sent"}) from None
    return held


def _same_intent(organisation: Organisation, intent: uuid.UUID) -> Write | None:
    known = Write.objects.filter(organisation=organisation, kind=Kind.MOVE_LEAD, intent=intent)
    return known.exclude(state=State.HELD).first()


def _check(organisation: Organisation, lead: Lead, to_state: str, *, may_cross: bool) -> None:
    if not lead.connect_id:
        raise Invalid({"state": "not_created"})
    known = LeadState.objects.filter(organisation=organisation, gone_at=None)
    if not known.filter(connect_id=to_state).exists():
        raise Invalid({"state": "unknown"})
    protected = policy_of(organisation.settings).protected_states
    if not may_cross and {lead.state_connect_id, to_state} & set(protected):
        raise Invalid({"state": "protected"})
