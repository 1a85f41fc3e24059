"""What a write is about: who, when, where in the grid, and the names behind Connect's ids."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from bookingapp.domain import catalogue, settling
from bookingapp.domain.kinds import booking_slot, old_booking
from bookingapp.domain.models import Lead, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import Kind, State
from bookingapp.web.forms import lead_filter
from bookingapp.web.presenters import alternatives, moments, sent_words
from bookingapp.web.presenters.alternatives import Alternative

TAKES_A_SLOT = frozenset({Kind.BOOK, Kind.RESCHEDULE})
# Kinds that belong to the story of a booking, and so have its page; the others have the lead's.
HAS_PAGE = TAKES_A_SLOT | {Kind.CANCEL}


def who(write: Write) -> str:
    """The lead's name, or what else is known of it."""
    return name_of(write.lead)


def name_of(lead: Lead | None) -> str:
    if lead is None:
        return gettext("a lead without a name")
    return lead.name or lead.phone or lead.email or gettext("a lead without a name")


def slot_of(write: Write) -> Slot | None:
    """The slot a write takes, or the place of the booking that it cancels; None for leads."""
    if write.kind in TAKES_A_SLOT:
        return booking_slot.chosen(write)[0]
    if write.kind == Kind.CANCEL:
        return old_booking.slot_of(old_booking.old_of(write))
    return None


def zone_of(write: Write) -> ZoneInfo:
    """The calendar's zone; for what has no calendar the one in which leads are dated."""
    known = write.payload.get("zone") or lead_filter.zone_of(write.organisation)
    return moments.zone_of(str(known))


def url(write: Write) -> str:
    """The page of the booking or of the lead it belongs to; "" for what has none."""
    slug = write.organisation.slug
    if write.kind in HAS_PAGE:
        return reverse("booking-detail", kwargs={"slug": slug, "pk": write.pk})
    if write.lead_id is None:
        return ""
    return reverse("lead-detail", kwargs={"slug": slug, "pk": write.lead_id})


def alternatives_of(write: Write, now: datetime) -> list[Alternative]:
    if write.state != State.ASKING:
        return []
    snapshot = catalogue.snapshot(write.organisation)

    def key_of(connect_id: str) -> int | None:
        found = snapshot.resource_by_connect_id(connect_id)
        return found.pk if found else None

    asked_at = booking_slot.chosen(write)[0].starts_at
    offered = settling.alternatives(write)
    return alternatives.of(offered, asked_at=asked_at, resource_pk=key_of, now=now)


def evidence_of(write: Write) -> list[tuple[str, str]]:
    """What is known about a write that may have happened, as names and values."""
    kept = write.result.get("evidence")
    if not isinstance(kept, dict):
        return []
    ours = (gettext("Of these known to this desk"), str(kept.get("ours", 0)))
    return [*sent_words.counts(kept), ours]


def grid_url(write: Write) -> str:
    """The availability page on the day of the booking."""
    slot = slot_of(write)
    place = old_booking.old_of(write) if write.kind == Kind.CANCEL else None
    calendar_id = place.calendar_id if place else str(write.payload.get("calendar_id", ""))
    type_id = place.type_id if place else str(write.payload.get("type_id", ""))
    if slot is None:
        return reverse("availability", kwargs={"slug": write.organisation.slug})
    ids = (calendar_id, type_id)
    return grid_at(write.organisation, ids, slot.starts_at, zone_of(write))


def grid_at(
    organisation: Organisation, ids: tuple[str, str], at: datetime, zone: tzinfo | ZoneInfo
) -> str:
    """The week of ``at`` for a calendar and an appointment type, by Connect's ids."""
    snapshot = catalogue.snapshot(organisation)
    calendar = snapshot.calendar_by_connect_id(ids[0])
    kind = snapshot.type_by_connect_id(ids[1])
    query = {
        "calendar": calendar.pk if calendar else "",
        "type": kind.pk if kind else "",
        "view": "week",
        "date": at.astimezone(zone).date().isoformat(),
    }
    address = reverse("availability", kwargs={"slug": organisation.slug})
    return f"{address}?{urlencode(query)}"


def names_of(write: Write) -> dict[str, str]:
    """What Connect's ids in this write stand for."""
    snapshot = catalogue.snapshot(write.organisation)
    pools = snapshot.pools
    states = [state for pool in pools for state in pool.states]
    items: list[Any] = [*snapshot.calendars, *snapshot.resources, *snapshot.types, *pools, *states]
    names = {item.connect_id: item.name for item in items}
    if key := policy_of(write.organisation.settings).intent_key:
        names[key] = gettext("Mark of this desk")
    slot = slot_of(write)
    if slot is not None:
        names.setdefault(slot.resource_id, slot.resource_name)
    if write.lead is not None and write.lead.connect_id:
        names[write.lead.connect_id] = who(write)
    names |= policy_of(write.organisation.settings).custom_field_names
    return names
