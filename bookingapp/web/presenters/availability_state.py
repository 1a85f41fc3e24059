"""What the availability page was asked to show: its address, read and written. Pure.

An address may be old, cut or made up: what it names and we do not know falls back to a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters.grid import DAY, WEEK

if TYPE_CHECKING:
    from bookingapp.domain.catalogue import AppointmentType, Calendar, Resource, Snapshot

Item = TypeVar("Item")

UTC_NAME = "UTC"
# How far from today an address may lead; beyond it nothing is ever offered.
FARTHEST = timedelta(days=3 * 366)
REMEMBERED = ("calendar", "type", "resource", "view")
LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class AvailabilityState:
    """One view of the availability of one organisation. ``resource`` None is anyone."""

    calendar: Calendar | None
    type: AppointmentType | None
    resource: Resource | None
    view: str
    day: date
    today: date
    slot: SlotRef | None = None
    # Asked for, but it does not do this type in this calendar.
    lost_resource: bool = False
    # The booking for which another time is being looked for.
    moving: UUID | None = None

    @property
    def zone_name(self) -> str:
        return zone_name(self.calendar)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    @property
    def first(self) -> date:
        """The first day that is shown."""
        return self.monday if self.view == WEEK else self.day

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6) if self.view == WEEK else self.day

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=7 if self.view == WEEK else 1)

    @property
    def next(self) -> date:
        return self.day + timedelta(days=7 if self.view == WEEK else 1)

    @property
    def shows_today(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a query but the chosen cell, in one order: one state, one address."""
        return {
            "calendar": str(self.calendar.pk) if self.calendar else "",
            "type": str(self.type.pk) if self.type else "",
            "resource": str(self.resource.pk) if self.resource else "",
            "view": self.view,
            "date": self.day.isoformat(),
        } | ({"moving": str(self.moving)} if self.moving else {})

    def query(self, **more: str) -> str:
        """The address of this state, with its chosen cell."""
        chosen = {"slot": str(self.slot)} if self.slot else {}
        return urlencode(self.fields | chosen | more)

    def plain(self, **more: str) -> str:
        """The same with nothing chosen."""
        return urlencode(self.fields | more)

    def at(self, day: date) -> AvailabilityState:
        """The same on another day, nothing chosen."""
        return replace(self, day=day, slot=None)

    def seen_as(self, view: str) -> AvailabilityState:
        return replace(self, view=view)

    def without_moving(self) -> AvailabilityState:
        return replace(self, moving=None)

    def ended(self) -> AvailabilityState:
        """The same days with nothing chosen and nothing on the move."""
        return replace(self, moving=None, slot=None)


def read(
    query: Mapping[str, str], remembered: Mapping[str, str], snapshot: Snapshot, now: datetime
) -> AvailabilityState:
    """The state an address asks for at ``now`` (aware UTC).

    ``remembered`` is the person's last choice: it stands in for what the address does not say.
    """
    asked = {**remembered, **query} if "calendar" not in query else query
    # A calendar that is not used here is found by its address all the same: bookings are in it.
    named = _found(snapshot.calendars, query.get("calendar", ""))
    calendar = named or _pick(snapshot.used_calendars, asked.get("calendar", ""))
    types = types_of(snapshot, calendar)
    kind = _pick(types, asked.get("type", ""))
    resources = resources_of(snapshot, calendar, kind)
    wanted = asked.get("resource", "")
    resource = _found(resources, wanted)
    slot = _slot(query.get("slot", ""), now)
    today = now.astimezone(ZoneInfo(zone_name(calendar))).date()
    return AvailabilityState(
        calendar=calendar,
        type=kind,
        resource=resource,
        view=DAY if asked.get("view") == DAY else WEEK,
        day=_day(query.get("date", ""), slot, today, calendar),
        today=today,
        slot=slot,
        lost_resource=resource is None and _found(snapshot.resources, wanted) is not None,
        moving=_uuid(query.get("moving", "")),
    )


def types_of(snapshot: Snapshot, calendar: Calendar | None) -> list[AppointmentType]:
    """The appointment types that somebody of the calendar does."""
    return list(snapshot.types_for(calendar.pk)) if calendar else []


def resources_of(
    snapshot: Snapshot, calendar: Calendar | None, kind: AppointmentType | None
) -> list[Resource]:
    """Who does the appointment type in the calendar."""
    return list(snapshot.resources_for(calendar.pk, kind.pk)) if calendar and kind else []


def zone_name(calendar: Calendar | None) -> str:
    """The calendar's IANA zone; UTC where it names none that this machine knows."""
    name = calendar.zone if calendar else ""
    try:
        return ZoneInfo(name).key if name else UTC_NAME
    except (KeyError, ValueError, OSError):
        return UTC_NAME


def day_of(text: str) -> date | None:
    """An ISO date, or None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def remember(state: AvailabilityState) -> str:
    """The person's choice as a cookie's text."""
    fields = state.fields
    return urlencode({name: fields[name] for name in REMEMBERED})


def _pick(items: Iterable[Item], text: str) -> Item | None:
    """The one that is named, else the first there is."""
    known = list(items)
    return _found(known, text) or (known[0] if known else None)


def _found(items: Iterable[Item], text: str) -> Item | None:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        return None
    wanted = int(text)
    return next((item for item in items if _pk(item) == wanted), None)


def _pk(item: Any) -> int:
    return int(item.pk)


def _slot(text: str, now: datetime) -> SlotRef | None:
    try:
        slot = SlotRef.parse(text)
    except ValueError:
        return None
    return slot if abs(slot.starts_at - now) <= FARTHEST else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str, slot: SlotRef | None, today: date, calendar: Calendar | None) -> date:
    """The day asked for; the chosen slot's own day where the two do not fit together."""
    chosen = slot.starts_at.astimezone(ZoneInfo(zone_name(calendar))).date() if slot else None
    day = day_of(text)
    if day is None:
        return chosen or today
    if chosen and _week(chosen) != _week(day):
        return chosen
    return day if abs(day - today) <= FARTHEST else today


def _week(day: date) -> tuple[int, int]:
    year, week, _weekday = day.isocalendar()
    return year, week
