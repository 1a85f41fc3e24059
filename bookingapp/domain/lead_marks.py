"""What is on its way or has gone wrong with the leads of a list, and their next bookings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from bookingapp.domain.models import Booking, Lead, Organisation, Write
from bookingapp.domain.states import PAUSES, UNFINISHED, Kind, State

# So many leads with an open move stand on top of their columns; more are where they sort.
MOST_ON_TOP = 60
_OPEN_MOVE = Q(kind=Kind.MOVE_LEAD) & (
    Q(state__in=sorted(UNFINISHED)) | Q(state=State.REFUSED, seen_at=None)
)


class Standing(StrEnum):
    """How a lead stands apart from where it is."""

    PENDING = "pending"  # a move is on its way; the board shows it where that takes it
    TROUBLED = "troubled"  # a move was refused, put off, or needs a person; it is where it was
    CREATING = "creating"  # Connect does not have it yet
    STRANDED = "stranded"  # its creation needs a person


@dataclass(frozen=True, slots=True)
class Mark:
    """``write`` is the one that says why; ``to_state`` where the move was to take the lead."""

    standing: Standing
    write: Write | None = None
    to_state: str = ""


def on_top(organisation: Organisation, pool_pk: int | None) -> list[UUID]:
    """The leads with an open move, the last asked for first: a person wants to see those."""
    moves = Write.objects.filter(_OPEN_MOVE, organisation=organisation, lead__pool=pool_pk)
    found = moves.order_by("-created_at", "pk").values_list("lead", flat=True)
    return list(dict.fromkeys(pk for pk in found[:MOST_ON_TOP] if pk is not None))


def marks(leads: Collection[Lead]) -> dict[UUID, Mark]:
    """By lead, what there is to say of it. One query."""
    creating = Q(kind=Kind.CREATE_LEAD, state__in=sorted(UNFINISHED))
    told = Write.objects.filter(_OPEN_MOVE | creating, lead__in=[lead.pk for lead in leads])
    newest: dict[UUID, Write] = {}
    for write in told.select_related("person").order_by("created_at", "pk"):
        known = newest.get(write.lead_id) if write.lead_id else None
        # A move that still lasts says more than one that was refused meanwhile.
        if write.lead_id and not (known and known.state != State.REFUSED == write.state):
            newest[write.lead_id] = write
    found = {lead.pk: _mark(lead, newest.get(lead.pk)) for lead in leads}
    return {pk: mark for pk, mark in found.items() if mark is not None}


def next_bookings(leads: Iterable[Lead], *, now: datetime) -> dict[UUID, Booking]:
    """By lead, the next booking that stands, with its type and calendar at hand. One query."""
    ahead = Booking.objects.filter(lead__in=[lead.pk for lead in leads], gone_at=None)
    ahead = ahead.filter(starts_at__gt=now).order_by("-starts_at", "-pk")
    # The earliest comes last, and stays.
    rows = ahead.select_related("calendar", "appointment_type")
    return {one.lead_id: one for one in rows if one.lead_id is not None}


def _mark(lead: Lead, write: Write | None) -> Mark | None:
    if not lead.connect_id:
        return Mark(Standing.STRANDED if write and _waits(write) else Standing.CREATING, write)
    if write is None or write.kind != Kind.MOVE_LEAD:
        return None
    to_state = str(write.payload.get("to", ""))
    if write.state in UNFINISHED and to_state == lead.board_state:
        return Mark(Standing.PENDING, write, to_state)
    if to_state == lead.board_state:
        # It got there another way.
        return None
    return Mark(Standing.TROUBLED, write, to_state)


def _waits(write: Write) -> bool:
    """For a person."""
    paused = write.state == State.WAITING and write.reason in PAUSES
    return paused or write.state in {State.STUCK, State.ASKING}
