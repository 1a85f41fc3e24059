"""Our mirror of bookings, fed by the answers to our own writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q

from bookingapp import connect
from bookingapp.domain import lead_schema
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AppointmentType, Booking, Calendar, Resource, Write
from bookingapp.domain.slots import Slot


def booked(write: Write, value: connect.Booking, *, now: datetime) -> dict[str, Any]:
    """Keep what Connect answered; a link to the lead that did not take is said (contract 10)."""
    booking = _row(write, _slot(write), connect_id=value.id, now=now)
    booking.starts_at, booking.ends_at = value.starts_at, value.ends_at
    # What it says of the pool's keys belongs to the pool, once.
    booking.told = msgspec.to_builtins(msgspec.structs.replace(value, schema_fields=None))
    _save(booking)
    lead_schema.learn(write.organisation, value.table_id or "", value.schema_fields)
    expected = write.lead.connect_id if write.lead else ""
    linked = value.lead_id == expected
    return {"booking_id": value.id, "warnings": [] if linked else ["link_missing"]}


def booked_by_word(write: Write, *, connect_id: str, now: datetime) -> None:
    """A person says that it is there; the id is theirs to know or not.

    Raises Invalid when it is the id of a booking we know to be another one.
    """
    known = Booking.objects.filter(organisation=write.organisation, connect_id=connect_id)
    slot = _slot(write)
    # RocketLead may have told of it by itself; then it is the same appointment.
    same = Q(write=None, lead=write.lead, starts_at=slot.starts_at)
    if connect_id and known.exclude(Q(write=write) | same).exists():
        raise Invalid({"connect_id": "known"})
    _save(_row(write, slot, connect_id=connect_id, now=now))


def _slot(write: Write) -> Slot:
    return msgspec.convert(write.payload["slot"]["slot"], Slot)


def _row(write: Write, slot: Slot, *, connect_id: str, now: datetime) -> Booking:
    ours = {"organisation": write.organisation}
    resource, _ = Resource.objects.get_or_create(
        **ours, connect_id=slot.resource_id, defaults={"name": slot.resource_name}
    )
    return Booking(
        **ours,
        write=write,
        connect_id=connect_id,
        lead=write.lead,
        calendar=Calendar.objects.get(**ours, connect_id=write.payload["calendar_id"]),
        resource=resource,
        appointment_type=AppointmentType.objects.get(**ours, connect_id=write.payload["type_id"]),
        slot_connect_id=slot.resource_slot_id or "",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_by=write.person,
        booked_at=now,
    )


def _save(booking: Booking) -> None:
    """An id we already know is brought up to date: Connect is the one who counts bookings."""
    if not booking.connect_id:
        booking.save()
        return
    known = _known(booking)
    if known is None:
        try:
            with transaction.atomic():
                booking.save(force_insert=True)
                return
        except IntegrityError:
            # RocketLead told of it by itself at this very moment.
            known = _known(booking)
            if known is None:
                raise
    booking.pk = known.pk
    # That it was deleted may have come before the answer that it was made.
    for name in ("gone_at", "gone_as", "gone_reason", "gone_by_id", "moved_to_id"):
        setattr(booking, name, getattr(known, name))
    booking.save(force_update=True)


def _known(booking: Booking) -> Booking | None:
    ours = Booking.objects.filter(organisation=booking.organisation)
    return ours.filter(connect_id=booking.connect_id).first()
