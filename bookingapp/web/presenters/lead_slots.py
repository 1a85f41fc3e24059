"""The next fitting slots of a lead as rows and sentences: what is offered, why, and how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.lead_ahead import Ahead
from bookingapp.domain.lead_interest import Why
from bookingapp.domain.next_slots import NO_ZONE, WAITING, Found, Near
from bookingapp.web.presenters import grid_words, moments
from bookingapp.web.presenters.reasons import Text, Told

WHY: dict[Why, Text] = {
    Why.CHOSEN: "",
    Why.INTERESTED: _("what the lead is interested in"),
    Why.USUAL: _("usual for this lead pool"),
    Why.OFTEN: _("booked from this lead pool most often"),
    Why.ONLY: "",
    Why.NONE: "",
}
NOTES: dict[str, Told] = {
    "slot_gone": Told(
        _("This time is no longer offered, so nothing was asked for."),
        can=_("Below is what is free now."),
    ),
    "already_booked": Told(
        _("This lead already has a booking at this time."), _("Nothing was asked for.")
    ),
    "intent_reused": Told(
        _("This form was already used for another time. That booking stands."),
        _("Nothing was sent again."),
    ),
    "not_created": Told(
        _("This lead could not be created at Connect, so nothing can be booked for it."),
        _("Nothing was asked for."),
    ),
    "past": Told(_("This time has passed."), can=_("Below is what is free now.")),
    "unreadable": Told(_("The form was incomplete, so nothing was asked for.")),
}


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot to choose. ``key`` is the digit that books it; ``value`` what the form sends."""

    key: int
    value: str
    day: str
    hours: str
    distance: str
    resource_name: str
    resource_colour: str
    calendar: str
    # For whoever sits in another zone.
    zone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AheadRow:
    """What the lead has ahead, with the page of it."""

    text: str
    url: str
    on_its_way: bool
    same_type: bool


def rows(found: Found, *, now: datetime) -> list[SlotRow]:
    """The calendar is named where several offer the type."""
    several = len(found.calendars) > 1
    return [_row(key, one, now, several=several) for key, one in enumerate(found.slots, start=1)]


def ahead(known: Iterable[Ahead], slug: str, *, type_id: str) -> list[AheadRow]:
    """Those of the same type first: a second one of it is rarely meant."""
    found = [_ahead(one, slug, same_type=one.type_id == type_id) for one in known]
    return sorted(found, key=lambda one: not one.same_type)


def missing(found: Found) -> str:
    """Which calendars could not be seen, and why; "" when all of them were."""
    if not found.unseen:
        return ""
    names = ", ".join(one.name for one in found.unseen[:3])
    if found.problem == NO_ZONE:
        why = gettext("It has no time zone.")
    elif found.problem == WAITING:
        why = gettext("It is still being read.")
    else:
        why = grid_words.problem(found.problem)
    if found.slots:
        told = gettext("Something nearer may be free in {names}.").format(names=names)
    else:
        told = gettext("Availability of {names} is not known right now.").format(names=names)
    return f"{told} {why}"


def nothing(found: Found) -> str:
    """Honest about how far was looked."""
    last = found.until - timedelta(days=1)
    return gettext("Nothing is free up to {day}.").format(day=grid_words.day(last))


def _row(key: int, one: Near, now: datetime, *, several: bool) -> SlotRow:
    zone = moments.zone_of(one.calendar.zone)
    slot = one.slot
    day, _, hours = moments.spoken(slot.starts_at, slot.ends_at, zone).rpartition(", ")
    return SlotRow(
        key=key,
        value=f"{one.calendar.pk}.{one.ref}",
        day=day,
        hours=hours,
        distance=_distance(slot.starts_at, zone, now),
        resource_name=slot.resource_name or slot.resource_id,
        resource_colour=slot.resource_colour,
        calendar=one.calendar.name if several else "",
        zone=zone.key,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


def _distance(starts_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    days = (_local(starts_at, zone) - _local(now, zone)).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    return ngettext("in {n} day", "in {n} days", days).format(n=days)


def _local(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _ahead(one: Ahead, slug: str, *, same_type: bool) -> AheadRow:
    when = moments.spoken(one.starts_at, one.ends_at, moments.zone_of(one.zone))
    url = reverse("booking-detail", kwargs={"slug": slug, "pk": one.pk})
    text = f"{when}, {one.resource_name}" if one.resource_name else when
    return AheadRow(text, url, one.on_its_way, same_type)
