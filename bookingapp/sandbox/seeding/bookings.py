"""Bookings that make the coming weeks look lived-in, never more than a slot has seats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bookingapp.sandbox import grid, offers
from bookingapp.sandbox.models import (
    AppointmentType,
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
        # Not of the date: the same weekday has the same diary in every week.
        seed = f"{planner.seed}:{planner.organisation.name}:bookings"
        self.random = Random(seed)  # noqa: S311 - not a secret
        self.number = 0
        self.made_at = datetime.combine(planner.today, time(), UTC) - timedelta(days=5)
        self.blocked = [
            (one.calendar_id, one.resource_id, one.starts_at.timestamp(), one.ends_at.timestamp())
            for one in planner.blockers
        ]
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
        starts = [start for start in self._starts(slot, day) if not self._is_blocked(slot, start)]
        kinds = [t for t in self.types_of[slot.resource_id] if 30 % t.step_minutes == 0]
        closing = _closing(slot, day)
        for _ in range(slot.capacity or slot.resource.capacity):
            free_from = 0
            for start in starts:
                if start < free_from or self.random.random() >= load * 0.9:
                    continue
                kind = self.random.choices(kinds, [4, *([1] * (len(kinds) - 1))])[0]
                held_until = start + (kind.length_minutes + kind.buffer_minutes) * 60
                if held_until <= closing and not self._is_blocked(slot, held_until - 1):
                    free_from = held_until
                    yield self._booking(slot, kind, start, held_until)

    def _starts(self, slot: ResourceSlot, day: date) -> list[int]:
        spans = grid.slot_instants(slot.calendar.zone, day, slot.opens_minute,
            slot.closes_minute, 1800, 1800)  # fmt: skip
        return [start for start, _ in spans]

    def _booking(
        self, slot: ResourceSlot, kind: AppointmentType, start: int, held_until: int
    ) -> Booking:
        self.number += 1
        # Ids and not rows: seven thousand of these are made before the sandbox answers.
        return Booking(
            id=self.planner.id("booking", self.number),
            organisation_id=slot.organisation_id, calendar_id=slot.calendar_id,
            resource_id=slot.resource_id, appointment_type_id=kind.id, slot_id=slot.id,
            lead_id=self._lead(start).id, starts_at=offers.moment(start),
            ends_at=offers.moment(start + kind.length_minutes * 60),
            held_until=offers.moment(held_until), source="seed", created_at=self.made_at,
        )  # fmt: skip

    def _lead(self, start: int) -> Lead:
        while True:
            lead = self.random.choice(self.leads)
            if (lead.id, start) not in self.busy:
                self.busy.add((lead.id, start))
                return lead

    def _is_blocked(self, slot: ResourceSlot, instant: int) -> bool:
        return any(
            start <= instant < end and calendar == slot.calendar_id
            and resource in {None, slot.resource_id}
            for calendar, resource, start, end in self.blocked
        )  # fmt: skip


def _closing(slot: ResourceSlot, day: date) -> int:
    midnight = datetime.combine(day, time(), ZoneInfo(slot.calendar.zone))
    return int((midnight + timedelta(minutes=slot.closes_minute)).timestamp())
