"""The journal of writes (design 4): every move is a compare-and-set and leaves one audit row.

No transaction is open across a call: claim, commit, call, record, commit.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bookingapp.domain import audit, codes, lead_place, needs_you
from bookingapp.domain.holding import holder_id
from bookingapp.domain.models import Booking, Lead, Organisation, Write
from bookingapp.domain.search_key import search_key
from bookingapp.domain.states import Kind, Reason, State, may_move

# A worker that takes what is due moves no lead on the board.
STAYS = frozenset({(State.DUE, State.SENDING), (State.HELD, State.SENDING)})


class Lost(Exception):
    """Somebody else moved this write first; nothing was changed."""


class IntentReused(Exception):
    """This form was used before, for something else. ``write`` is what it did then."""

    def __init__(self, write: Write) -> None:
        super().__init__("intent used for another write")
        self.write = write


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants written."""

    organisation: Organisation
    kind: Kind
    intent: uuid.UUID
    person: Any
    payload: dict[str, Any]
    lead: Lead | None = None
    after: Write | None = None
    # The booking it changes, and the step it begins with, for kinds that have them.
    about: Booking | None = None
    step: str = ""
    # Seconds in which it can be undone before anything is sent (design law 10).
    hold_seconds: float = 0.0


def open_write(request: Request, *, now: datetime) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new. Call inside a transaction.

    Raises IntentReused when the same intent asked for something else before.
    """
    state, reason, due_at = _beginning(request, now)
    write = Write(
        organisation=request.organisation,
        kind=request.kind,
        intent=request.intent,
        digest=_digest(request),
        person=request.person,
        lead=request.lead,
        after=request.after,
        about=request.about,
        step=request.step,
        state=state,
        reason=reason,
        payload=request.payload,
        due_at=due_at,
        created_at=now,
        changed_at=now,
    )
    try:
        with transaction.atomic():
            write.save(force_insert=True)
    except IntegrityError:
        return find_intent(request), False
    _audited(write, source="", reason=Reason.ASKED, now=now, person=request.person)
    _place(write)
    return write, True


def _beginning(request: Request, now: datetime) -> tuple[State, Reason, datetime | None]:
    if request.after is not None and request.after.state != State.DONE:
        return State.WAITING, Reason.LEAD_PENDING, None
    if request.hold_seconds > 0:
        return State.HELD, Reason.UNDO_WINDOW, now + timedelta(seconds=request.hold_seconds)
    return State.DUE, Reason.NONE, now


def find_intent(request: Request) -> Write:
    """The write this intent became. Raises IntentReused when it asked for something else."""
    known = Write.objects.get(
        organisation=request.organisation, intent=request.intent, kind=request.kind
    )
    if known.digest != _digest(request) or known.person_id != request.person.pk:
        raise IntentReused(known)
    return known


def claim(write_id: uuid.UUID, *, now: datetime) -> Write | None:
    """Take a write that is due, under a lease, or None when it is not ours to take."""
    found = Write.objects.select_related("organisation", "lead", "person", "about")
    write = found.filter(pk=write_id).first()
    if write is None or not _claimable(write, now):
        return None
    checking = write.state == State.CHECKING
    target = State.CHECKING if checking else State.SENDING
    # A write that is being checked keeps saying why.
    reason = Reason(write.reason) if checking else Reason.CLAIMED
    lease: dict[str, Any] = {
        "lease": uuid.uuid4(),
        "lease_until": now + timedelta(seconds=settings.WRITE_LEASE),
    }
    try:
        move(write, target, reason=reason, now=now, **lease)
    except Lost:
        return None
    return write


def _claimable(write: Write, now: datetime) -> bool:
    if write.lease_until is not None and write.lease_until > now:
        return False
    if write.state == State.DUE:
        return True
    return (
        write.state in {State.HELD, State.WAITING, State.CHECKING}
        and write.due_at is not None
        and write.due_at <= now
    )


def move(
    write: Write,
    target: State,
    *,
    reason: Reason,
    now: datetime,
    person: Any = None,
    due_at: datetime | None = None,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move ``write``, if nobody else has since it was read. Raises Lost otherwise.

    ``changes`` may hold ``payload``, ``result``, ``step``, ``after``, ``lease``, ``lease_until``; a
    lease ends with every move that does not bring one.
    """
    source = State(write.state)
    if source != target and not may_move(source, target):
        raise ValueError(f"a write cannot go from {source} to {target}")
    fields = {
        "state": target,
        "reason": reason,
        "due_at": due_at,
        "lease": None,
        "lease_until": None,
        **changes,
        "version": write.version + 1,
        "changed_at": now,
    }
    with transaction.atomic():
        if not Write.objects.filter(pk=write.pk, version=write.version).update(**fields):
            raise Lost
        for name, value in fields.items():
            setattr(write, name, value)
        if (source, target) not in STAYS:
            _place(write)
        transaction.on_commit(lambda: needs_you.forget(holder_id(write)))
        # Looking again is not a move; it would only fill the log.
        if source != target:
            _audited(write, source=source, reason=reason, now=now, person=person, details=details)


def _place(write: Write) -> None:
    """The board shows a lead where an untroubled move takes it."""
    if write.kind == Kind.MOVE_LEAD and write.lead_id is not None:
        lead_place.refresh(write.lead_id)


def _digest(request: Request) -> str:
    lead = str(request.lead.pk) if request.lead else ""
    asked = {**request.payload, "lead": request.payload.get("new_lead") or lead}
    # What the page knew is not what was asked for: the slot picked for "anyone" and its counts,
    # how the booking to change stood, in which order to go about it.
    for known in ("slot", "old", "order", "mark"):
        asked.pop(known, None)
    asked["about"] = str(request.about.pk) if request.about else ""
    told = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    return codes.digest(search_key(), told)


def _audited(
    write: Write,
    *,
    source: str,
    reason: Reason,
    now: datetime,
    person: Any = None,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record_move(
        write,
        source=source,
        target=write.state,
        reason=reason,
        at=now,
        person=person,
        details=details,
    )
