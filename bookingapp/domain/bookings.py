"""Asking for a booking: everything is committed as rows before anything is sent (design law 1)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from bookingapp.domain import catalogue, journal, lead_creation, leeway, slotfill
from bookingapp.domain.errors import DomainError, Invalid, SlotGone
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import Lead, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import ANYONE, Slot, SlotRef
from bookingapp.domain.states import Kind, Reason, State

# The kinds of writes that a booking's page can be about.
OF_BOOKINGS = (Kind.BOOK, Kind.RESCHEDULE, Kind.CANCEL)


class AlreadyBooked(DomainError):
    """The lead has a booking at this very time, or one on its way. ``write`` is that one."""

    code = "already_booked"

    def __init__(self, write: Write) -> None:
        super().__init__(f"write {write.pk} is for the same lead and time")
        self.write = write


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for in the booking panel."""

    intent: uuid.UUID
    calendar_pk: int
    type_pk: int
    ref: SlotRef
    lead: Lead | NewLead
    anyone: bool = False
    nearby: bool = False
    name: str = ""
    # The person was told that the lead has a booking at this time and wants another one.
    again: bool = False


def ask(
    organisation: Organisation, person: Any, asked: Asked, *, now: datetime
) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new.

    Raises SlotGone, AlreadyBooked, Invalid (codes by field), or journal.IntentReused.
    """
    request = _request(organisation, person, asked)
    if known := _same_intent(request):
        return known, False
    # Reading availability may call Connect, so it comes before the transaction.
    slot, as_of = _slot(request, now=now)
    request = replace(request, payload=booking_slot.with_slot(request.payload, slot, as_of=as_of))
    try:
        with transaction.atomic():
            return _open(request, asked, now=now), True
    except _Raced:
        return journal.find_intent(request), False


def find(organisation: Organisation, pk: uuid.UUID) -> Write | None:
    """A booking's write with all that its page shows."""
    found = _books(organisation).filter(pk=pk)
    told = ("attempts", "moves__person", "after__attempts", "after__moves__person")
    return found.select_related("after", "booking").prefetch_related(*told).first()


def stamp(organisation: Organisation, pk: uuid.UUID) -> str:
    """Names how a booking's write stands, its lead's creation included; "" when there is none."""
    versions = _books(organisation).filter(pk=pk).values_list("version", "after__version").first()
    return "-".join(str(version or 0) for version in versions) if versions else ""


def _books(organisation: Organisation) -> QuerySet[Write]:
    books = Write.objects.filter(organisation=organisation, kind__in=OF_BOOKINGS)
    return books.select_related("organisation", "lead", "person", "about")


class _Raced(Exception):
    """Another request with the same intent was faster; nothing of ours is kept."""


def _same_intent(request: journal.Request) -> Write | None:
    exists = Write.objects.filter(
        organisation=request.organisation, intent=request.intent, kind=Kind.BOOK
    ).exists()
    return journal.find_intent(request) if exists else None


def _request(organisation: Organisation, person: Any, asked: Asked) -> journal.Request:
    snapshot = catalogue.snapshot(organisation)
    calendar = snapshot.calendar(asked.calendar_pk)
    kind_of_appointment = snapshot.type(asked.type_pk)
    if calendar is None or kind_of_appointment is None:
        raise SlotGone
    policy = policy_of(organisation.settings)
    anyone, nearby = leeway.allowed(policy, anyone=asked.anyone, nearby=asked.nearby)
    # In anyone's cell nobody was chosen, so nobody is replaced.
    anyone = anyone or asked.ref.resource_pk == ANYONE
    resource = snapshot.resource(asked.ref.resource_pk)
    if resource is None and not anyone:
        # Whoever it was is not known here: nobody else was asked for.
        raise SlotGone
    payload: dict[str, Any] = {
        "calendar_id": calendar.connect_id,
        "type_id": kind_of_appointment.connect_id,
        "zone": calendar.zone,
        "wish": {
            "starts_at": asked.ref.starts_at.isoformat(),
            "resource_id": resource.connect_id if resource else "",
            "anyone": anyone,
            "nearby": nearby,
        },
        "name": asked.name[:200],
    }
    if isinstance(asked.lead, NewLead):
        payload["new_lead"] = msgspec.to_builtins(asked.lead)
    lead = asked.lead if isinstance(asked.lead, Lead) else None
    return journal.Request(organisation, Kind.BOOK, asked.intent, person, payload, lead=lead)


def _open(request: journal.Request, asked: Asked, *, now: datetime) -> Write:
    if request.lead and not asked.again:
        _refuse_twin(request, request.lead, asked.ref.starts_at)
    if isinstance(asked.lead, NewLead):
        creation = _create_lead(request, asked.lead, now=now)
        request = replace(request, lead=creation.lead, after=creation)
    elif request.lead and not request.lead.connect_id:
        request = replace(request, after=_creation_of(request.lead))
    write, is_new = journal.open_write(request, now=now)
    if not is_new:
        raise _Raced
    return write


def _create_lead(request: journal.Request, new: NewLead, *, now: datetime) -> Write:
    new = replace(new, interested_in=request.payload["type_id"])
    try:
        write, is_new = lead_creation.open_creation(
            request.organisation, request.person, new, intent=request.intent, now=now
        )
    except journal.IntentReused:
        is_new = False
    if not is_new:
        raise _Raced
    return write


def _creation_of(lead: Lead) -> Write:
    """The write that creates ``lead``, which Connect does not have yet."""
    # Locked: its end either is seen here or sees what we are about to add.
    creations = lead.writes.select_for_update().filter(kind=Kind.CREATE_LEAD)
    creation = creations.order_by("-created_at").first()
    if creation is None or creation.state in {State.REFUSED, State.UNDONE}:
        raise Invalid({"lead": "not_created"})
    return creation


def _refuse_twin(request: journal.Request, lead: Lead, starts_at: datetime) -> None:
    """Raises AlreadyBooked. The row lock makes two tabs at once take turns."""
    Lead.objects.select_for_update().filter(pk=lead.pk).values_list("pk").first()
    ended = [State.REFUSED, State.UNDONE]
    taking = lead.writes.filter(kind__in=[Kind.BOOK, Kind.RESCHEDULE])
    others = taking.exclude(state__in=ended).exclude(booking__gone_at__isnull=False)
    # What failed to put an appointment back holds no time: booking it again is the way out.
    others = others.exclude(reason=Reason.NO_APPOINTMENT)
    for pk, intent, kept in others.values_list("pk", "intent", "payload__slot__slot"):
        # The same intent, sent twice at once, is no second booking: it is found further on.
        if intent == request.intent:
            raise _Raced
        if msgspec.convert(kept, Slot).starts_at == starts_at:
            raise AlreadyBooked(Write.objects.select_related("lead").get(pk=pk))
    # A move that was refused may have booked the old time again.
    put_back = lead.bookings.filter(starts_at=starts_at, gone_at=None, write__isnull=False)
    if booking := put_back.select_related("write__lead").first():
        raise AlreadyBooked(cast("Write", booking.write))


def _slot(request: journal.Request, *, now: datetime) -> tuple[Slot, datetime | None]:
    """The slot to try first and when it was read. Connect decides; a full one is not held back."""
    wish, there, as_of = booking_slot.offered(request.organisation, request.payload, now=now)
    return slotfill.next_candidate(wish, there, (), now) or there[0], as_of
