"""Bookings that make the coming weeks look lived-in, never more than a slot has seats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bookingapp.sandbox import grid, offers
from bookingapp.sandbox.models import (
    AppointmentType,
    Blocker,
    Booking,
    Lead,
    ResourceSlot,
    TypeResource,
)
from bookingapp.sandbox.seeding.plan import OrganisationPlan
from bookingapp.sandbox.seeding.planner import Planner

DAYS_BACK, DAYS_AHEAD = 3, 28


class Diary:
    """Fills the windows of one organisation's planner with bookings of its leads."""

    def __init__(self, planner: Planner, leads: list[Lead]) -> None:
        self.planner, self.leads = planner, leads
        seed = f"{planner.seed}:{planner.today}:{planner.organisation.name}:bookings"
        self.random = Random(seed)  # noqa: S311 - not a secret
        self.number = 0
        # Nobody is in two places at once: a lead has one booking per start.
        self.busy: set[tuple[str, int]] = set()
        self.types_of: dict[str, list[AppointmentType]] = {}
        for link in planner.links:
            if isinstance(link, TypeResource):
                self.types_of.setdefault(link.resource_id, []).append(link.appointment_type)

    def bookings(self, plan: OrganisationPlan) -> Iterator[Booking]:
        load = {r.name: r.load for calendar in plan.calendars for r in calendar.resources}
        first = self.planner.today - timedelta(days=DAYS_BACK)
        for slot in self.planner.slots:
            for offset in range(DAYS_BACK + DAYS_AHEAD):
                day = first + timedelta(days=offset)
                if offers.occurs_on(slot, day):
                    yield from self._window(slot, day, load[slot.resource.name])

    def _window(self, slot: ResourceSlot, day: date, load: float) -> Iterator[Booking]:
        """Seat by seat: a seat is taken for one appointment after another, with gaps."""
        for _ in range(slot.capacity or slot.resource.capacity):
            free_from = 0
            for start in self._starts(slot, day):
                if start >= free_from and self.random.random() < load * 0.9:
                    booking = self._booking(slot, day, start)
                    if booking is not None:
                        free_from = int(booking.held_until.timestamp())
                        yield booking

    def _starts(self, slot: ResourceSlot, day: date) -> list[int]:
        spans = grid.slot_instants(slot.calendar.zone, day, slot.opens_minute,
            slot.closes_minute, 1800, 1800)  # fmt: skip
        return [start for start, _ in spans]

    def _booking(self, slot: ResourceSlot, day: date, start: int) -> Booking | None:
        kinds = [t for t in self.types_of[slot.resource_id] if 30 % t.step_minutes == 0]
        kind = self.random.choices(kinds, [4, *([1] * (len(kinds) - 1))])[0]
        lead = self._lead(start)
        starts_at = offers.moment(start)
        ends_at = starts_at + timedelta(minutes=kind.length_minutes)
        held_until = ends_at + timedelta(minutes=kind.buffer_minutes)
        if held_until > _closing(slot, day) or self._is_blocked(slot, starts_at, held_until):
            return None
        self.number += 1
        return Booking(
            id=self.planner.id("booking", self.planner.today, self.number),
            organisation=self.planner.organisation, calendar=slot.calendar,
            resource=slot.resource, appointment_type=kind, slot=slot, lead=lead,
            starts_at=starts_at, ends_at=ends_at, held_until=held_until, source="seed",
            created_at=datetime.combine(self.planner.today, time(), UTC) - timedelta(days=5),
        )  # fmt: skip

    def _lead(self, start: int) -> Lead:
        while True:
            lead = self.random.choice(self.leads)
            if (lead.id, start) not in self.busy:
                self.busy.add((lead.id, start))
                return lead

    def _is_blocked(self, slot: ResourceSlot, starts_at: datetime, ends_at: datetime) -> bool:
        return any(
            one.starts_at < ends_at and one.ends_at > starts_at and _covers(one, slot)
            for one in self.planner.blockers
        )


def _covers(blocker: Blocker, slot: ResourceSlot) -> bool:
    same = blocker.calendar_id == slot.calendar_id
    return same and blocker.resource_id in {None, slot.resource_id}


def _closing(slot: ResourceSlot, day: date) -> datetime:
    midnight = datetime.combine(day, time(), ZoneInfo(slot.calendar.zone))
    return (midnight + timedelta(minutes=slot.closes_minute)).astimezone(UTC)
