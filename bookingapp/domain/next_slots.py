"""The next free times of an appointment type, over all calendars that offer it, nearest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from bookingapp.domain import availability, catalogue
from bookingapp.domain.availability import NoZone, Window
from bookingapp.domain.availability.clock import Clock
from bookingapp.domain.availability.windows import WEEK
from bookingapp.domain.catalogue import AppointmentType, Calendar, Snapshot
from bookingapp.domain.models import Organisation
from bookingapp.domain.slots import Slot, SlotRef, is_open, seats_left

MOST = 3
WEEKS = 5
NO_ZONE = "no_zone"
WAITING = "waiting"
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Near:
    """A free time in a calendar, with its emptiest resource. ``as_of`` (UTC): when it was read."""

    calendar: Calendar
    slot: Slot
    ref: SlotRef
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in the calendars that offer the type.

    ``until`` is the first local day that was not looked at. ``unseen`` are calendars of which a
    week could not be read, so that something nearer may be there; ``problem`` says why for the
    first of them (see problems.py; "waiting": still on its way; "no_zone").
    """

    slots: tuple[Near, ...]
    calendars: tuple[Calendar, ...]
    until: date
    unseen: tuple[Calendar, ...] = ()
    problem: str = ""

    @property
    def as_of(self) -> datetime | None:
        """The age of the oldest reading that a slot comes from."""
        return min((one.as_of for one in self.slots), default=None)


@dataclass
class _Look:
    """One search: what is asked for, and what it has seen so far."""

    organisation: Organisation
    kind: AppointmentType
    now: datetime
    patience_seconds: float
    from_day: date | None
    busy: Collection[Span]
    slots: list[Near] = field(default_factory=list)
    unseen: dict[Calendar, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(self.now)
        self.snapshot: Snapshot = catalogue.snapshot(self.organisation)

    def windows(self, calendars: Iterable[Calendar]) -> dict[Calendar, Window]:
        """The first week to look at, by calendar."""
        found = {}
        for calendar in calendars:
            try:
                found[calendar] = self._window(calendar, self.first_day(calendar))
            except NoZone:
                self.unseen[calendar] = NO_ZONE
        return found

    def week(self, windows: dict[Calendar, Window]) -> dict[Calendar, Window]:
        """Look at these weeks, all asked for at once; the following ones of what could be read."""
        for window in windows.values():
            self._read(window, patience_seconds=0)
        following = {}
        for calendar, window in windows.items():
            left = max(self.patience_seconds - self.clock.elapsed_seconds(), 0)
            reading = self._read(window, patience_seconds=left)
            if reading is None or reading.as_of is None:
                self.unseen[calendar] = reading.problem if reading else WAITING
                continue
            if reading.problem:
                self.unseen[calendar] = reading.problem
            self.slots += self._free(calendar, reading.slots, reading.as_of)
            following[calendar] = self._window(calendar, window.starts_on + WEEK)
        return following

    def first_day(self, calendar: Calendar) -> date:
        today = availability.local_day(calendar.zone, self.now)
        return max(self.from_day, today) if self.from_day else today

    def _window(self, calendar: Calendar, day: date) -> Window:
        return availability.window_for(self.organisation, calendar, self.kind, day)

    def _read(self, window: Window, *, patience_seconds: float) -> availability.Reading | None:
        return availability.read(
            self.organisation,
            window,
            now=self.now,
            patience_seconds=patience_seconds,
            refresh=True,
        )

    def _free(self, calendar: Calendar, slots: Iterable[Slot], as_of: datetime) -> Iterable[Near]:
        """One slot per time: the one with the most seats left."""
        not_before = availability.midnight(calendar.zone, self.first_day(calendar))
        best: dict[datetime, Near] = {}
        for slot in slots:
            resource = self.snapshot.resource_by_connect_id(slot.resource_id)
            if resource is None or slot.starts_at < not_before or not self._fits(slot):
                continue
            known = best.get(slot.starts_at)
            if known is None or seats_left(slot) > seats_left(known.slot):
                ref = SlotRef(slot.starts_at, resource.pk)
                best[slot.starts_at] = Near(calendar, slot, ref, as_of)
        return best.values()

    def _fits(self, slot: Slot) -> bool:
        touches = any(slot.starts_at < ends and begins < slot.ends_at for begins, ends in self.busy)
        return is_open(slot, self.now) and not touches


def find(
    organisation: Organisation,
    kind: AppointmentType,
    *,
    now: datetime,
    from_day: date | None = None,
    busy: Collection[Span] = (),
    most: int = MOST,
    patience_seconds: float | None = None,
) -> Found:
    """The next ``most`` free times on or after the local ``from_day`` (default: today), looking at
    five weeks at most. Times that touch a ``busy`` span are passed over.

    What is known past its soft age is read again; ``patience_seconds`` (default:
    AVAILABILITY_PATIENCE) is for all of it together. Raises nothing: see ``problem``.
    """
    patience = settings.AVAILABILITY_PATIENCE if patience_seconds is None else patience_seconds
    look = _Look(organisation, kind, now, patience, from_day, busy)
    known = look.snapshot
    calendars = tuple(one for one in known.used_calendars if known.resources_for(one.pk, kind.pk))
    windows = look.windows(calendars)
    until = min((one.starts_on for one in windows.values()), default=from_day or now.date())
    for _ in range(WEEKS):
        following = look.week(windows)
        if len(look.slots) >= most or not following:
            break
        windows, until = following, min(one.starts_on for one in following.values())
    return Found(
        slots=tuple(sorted(look.slots, key=_order)[:most]),
        calendars=calendars,
        until=until,
        unseen=tuple(look.unseen),
        problem=next(iter(look.unseen.values()), ""),
    )


def _order(one: Near) -> tuple[datetime, str, int]:
    return one.slot.starts_at, one.calendar.name, one.calendar.pk
