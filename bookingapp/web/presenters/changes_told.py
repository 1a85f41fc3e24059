"""What a write was to change, before and after, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bookingapp.domain.kinds import booking_slot, making_way, old_booking
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Kind
from bookingapp.web.presenters import cancel_words, lead_changes, moments


@dataclass(frozen=True, slots=True)
class Change:
    """Either side may be empty: nothing was there, or nothing is."""

    name: str
    before: str
    after: str


def of(write: Write, zone: ZoneInfo, names: Mapping[str, str]) -> Iterator[Change]:
    """What was asked for; a new lead has its own page."""
    match write.kind:
        case Kind.BOOK:
            yield Change(gettext("Appointment"), "", place(booking_slot.chosen(write)[0], zone))
        case Kind.RESCHEDULE:
            new = making_way.wanted(write)
            yield Change(gettext("Appointment"), _old(write, zone), place(new, zone))
        case Kind.CANCEL:
            yield Change(gettext("Appointment"), _old(write, zone), "")
            yield Change(gettext("Reason"), "", cancel_words.spoken(write.payload))
        case Kind.MOVE_LEAD:
            before, after = (_state(write.payload.get(key), names) for key in ("from", "to"))
            yield Change(gettext("Lead state"), before, after)
        case Kind.EDIT_LEAD:
            for told in lead_changes.of(write, zone, names):
                yield Change(*told)


def line(change: Change) -> str:
    """A change of a field as one line: "Follow-up: Tue 24 Nov 2026, 09:00"."""
    if not change.after:
        return gettext("{name}: removed").format(name=change.name)
    if not change.before:
        return gettext("{name}: {after}").format(name=change.name, after=change.after)
    return gettext("{name}: {before} → {after}").format(
        name=change.name, before=change.before, after=change.after
    )


def place(slot: Slot, zone: ZoneInfo) -> str:
    """ "Tue 24 Nov 2026, 14:30 with Jana" in the calendar's zone."""
    when = moments.dated(slot.starts_at, zone)
    if not slot.resource_name:
        return when
    return gettext("{time} with {resource}").format(time=when, resource=slot.resource_name)


def _old(write: Write, zone: ZoneInfo) -> str:
    return place(old_booking.slot_of(old_booking.old_of(write)), zone)


def _state(connect_id: Any, names: Mapping[str, str]) -> str:
    return names.get(str(connect_id or ""), "") or gettext("not known here")


def place_of(booking: Booking, zone: ZoneInfo) -> str:
    """The same of a booking; needs its resource at hand."""
    when = moments.dated(booking.starts_at, zone)
    if not booking.resource.name:
        return when
    return gettext("{time} with {resource}").format(time=when, resource=booking.resource.name)
