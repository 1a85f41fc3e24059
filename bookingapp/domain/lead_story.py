"""All that happened to a lead, in one line: what was asked for, told, noted, and where it stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q

from bookingapp.domain.models import Booking, Gone, Lead, LeadEvent
from bookingapp.domain.states import Kind

SHOWN = 40
MOST = 400
LONGEST_NOTE = 4000


class What(StrEnum):
    WRITE = "write"
    EVENT = "event"
    # Somebody booked or cancelled outside of this desk.
    BOOKED_ELSEWHERE = "booked_elsewhere"
    GONE_ELSEWHERE = "gone_elsewhere"
    # It was there before this desk knew it.
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class Moment:
    """``about`` is the write, the event, the booking or the lead."""

    at: datetime
    what: What
    about: Any


@dataclass(frozen=True, slots=True)
class LeadStory:
    """The newest first; ``has_more``: there are older ones."""

    moments: tuple[Moment, ...]
    has_more: bool


def of(lead: Lead, *, most: int = SHOWN) -> LeadStory:
    """Four queries, whatever happened."""
    parts = [_writes(lead, most), _events(lead, most), _booked(lead, most), _gone(lead, most)]
    found = sorted((moment for part in parts for moment in part), key=_order, reverse=True)
    is_whole = len(found) <= most
    if is_whole and not any(_is_creation(moment) for moment in found):
        found.append(Moment(lead.created_at, What.CREATED, lead))
    return LeadStory(tuple(found[:most]), not is_whole)


def note(lead: Lead, person: Any, text: str, *, now: datetime) -> LeadEvent | None:
    """Keep a note; it stays here and is not sent. None for one without a word."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]
    if not text:
        return None
    return LeadEvent.objects.create(
        lead=lead, at=now, kind=LeadEvent.Kind.NOTE, person=person, source="person", text=text
    )


def _writes(lead: Lead, most: int) -> Iterable[Moment]:
    found = lead.writes.select_related("organisation", "lead", "person", "about__resource")
    newest = found.order_by("-created_at", "-pk")[: most + 1]
    return [Moment(write.created_at, What.WRITE, write) for write in newest]


def _events(lead: Lead, most: int) -> Iterable[Moment]:
    # A move of ours says itself where it went, and the first state of a lead is its creation.
    told = Q(kind=LeadEvent.Kind.STATE, write__kind=Kind.MOVE_LEAD)
    first = Q(kind=LeadEvent.Kind.STATE, details__from="")
    found = lead.events.exclude(told).exclude(first).select_related("person")
    newest = found.order_by("-at", "-pk")[: most + 1]
    return [Moment(event.at, What.EVENT, event) for event in newest]


def _booked(lead: Lead, most: int) -> Iterable[Moment]:
    found = _bookings(lead).filter(write=None).order_by("-booked_at", "-pk")[: most + 1]
    return [Moment(booking.booked_at, What.BOOKED_ELSEWHERE, booking) for booking in found]


def _gone(lead: Lead, most: int) -> Iterable[Moment]:
    gone = _bookings(lead).filter(gone_as=Gone.ELSEWHERE, gone_at__isnull=False)
    newest = gone.order_by("-gone_at", "-pk")[: most + 1]
    return [Moment(one.gone_at, What.GONE_ELSEWHERE, one) for one in newest if one.gone_at]


def _bookings(lead: Lead) -> Any:
    return Booking.objects.filter(lead=lead).select_related("resource", "calendar")


def _is_creation(moment: Moment) -> bool:
    return moment.what == What.WRITE and moment.about.kind == Kind.CREATE_LEAD


def _order(moment: Moment) -> tuple[datetime, bool, str]:
    """Of what happened at one instant, what was asked for comes before what came of it."""
    return moment.at, moment.what != What.WRITE, str(moment.about.pk)
