"""Calendars, resources, types, windows and blockers of one organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Model

from bookingapp.sandbox import ids
from bookingapp.sandbox.models import (
    AppointmentType,
    Blocker,
    Calendar,
    Organisation,
    Resource,
    ResourceCalendar,
    ResourceSlot,
    TypeResource,
)
from bookingapp.sandbox.seeding.plan import CalendarPlan, OrganisationPlan, Window

ANCHOR = date(2024, 1, 1)  # a Monday; every window recurs from here on
COLOURS = ("#1d4ed8", "#b45309", "#15803d", "#be185d", "#6d28d9", "#0f766e", "#facc15", "#475569")


class Planner:
    """Builds the rows of an organisation's planner, and finds them again by name."""

    def __init__(self, seed: int, today: date, organisation: Organisation) -> None:
        self.seed, self.today, self.organisation = seed, today, organisation
        self.calendars: dict[str, Calendar] = {}
        self.resources: dict[str, Resource] = {}
        self.types: dict[str, AppointmentType] = {}
        self.slots: list[ResourceSlot] = []
        self.links: list[ResourceCalendar | TypeResource] = []
        self.blockers: list[Blocker] = []

    def build(self, plan: OrganisationPlan) -> None:
        for calendar in plan.calendars:
            self._calendar(calendar)
        for calendar in plan.calendars:
            self._types(calendar)
            self._close(calendar)
        for name, calendar_name, window in plan.shared:
            self._open(self.resources[name], self.calendars[calendar_name], (window,))

    def rows(self) -> Iterator[Model]:
        yield from self.calendars.values()
        yield from self.resources.values()
        yield from self.types.values()
        yield from self.links
        yield from self.slots
        yield from self.blockers

    def id(self, *parts: object) -> str:
        return ids.seeded(self.seed, self.organisation.name, *parts)

    def _calendar(self, plan: CalendarPlan) -> None:
        calendar = Calendar(id=self.id("calendar", plan.name), organisation=self.organisation,
            name=plan.name, zone=plan.zone)  # fmt: skip
        self.calendars[plan.name] = calendar
        for one in plan.resources:
            position = len(self.resources)
            resource = Resource(
                id=self.id("resource", one.name), organisation=self.organisation, name=one.name,
                colour=COLOURS[position % len(COLOURS)], capacity=one.capacity, position=position,
            )  # fmt: skip
            self.resources[one.name] = resource
            self._open(resource, calendar, one.windows)

    def _open(self, resource: Resource, calendar: Calendar, windows: tuple[Window, ...]) -> None:
        self.links.append(
            ResourceCalendar(id=self.id("rc", resource.name, calendar.name), resource=resource,
                organisation=self.organisation, calendar=calendar)
        )  # fmt: skip
        self.slots.extend(self._slot(resource, calendar, window) for window in windows)

    def _slot(self, resource: Resource, calendar: Calendar, window: Window) -> ResourceSlot:
        return ResourceSlot(
            id=self.id("slot", resource.name, calendar.name, window),
            organisation=self.organisation, resource=resource, calendar=calendar,
            recurrence=window.recurrence,
            weekdays=window.weekdays if window.recurrence == "weekdays" else "",
            first_date=self._first(window), opens_minute=window.opens,
            closes_minute=window.closes, capacity=window.capacity,
        )  # fmt: skip

    def _first(self, window: Window) -> date:
        # A one-off lies in the week of the seeding, so that there is one to see.
        monday = self.today - timedelta(days=self.today.weekday())
        return (monday if window.recurrence == "once" else ANCHOR) + timedelta(days=window.first)

    def _types(self, plan: CalendarPlan) -> None:
        for one in plan.types:
            made = AppointmentType(
                id=self.id("type", one.name), organisation=self.organisation, name=one.name,
                length_minutes=one.length, step_minutes=one.step, buffer_minutes=one.buffer,
            )  # fmt: skip
            self.types[one.name] = made
            for name in one.only or tuple(resource.name for resource in plan.resources):
                self.links.append(
                    TypeResource(id=self.id("tr", one.name, name), appointment_type=made,
                        organisation=self.organisation, resource=self.resources[name])
                )  # fmt: skip

    def _close(self, plan: CalendarPlan) -> None:
        """A holiday of the whole calendar, a training of the first resource, a lunch hour."""
        first = plan.resources[0].name
        last = plan.resources[-1].name
        monday = self.today - timedelta(days=self.today.weekday())
        self._block(plan, "Betriebsausflug", None, monday + timedelta(days=17), 0, 24)
        self._block(plan, "Fortbildung", first, monday + timedelta(days=8), 13, 20)
        self._block(plan, f"Urlaub {first}", first, monday + timedelta(days=21), 0, 24 * 5)
        for day in (2, 9, 16):
            self._block(plan, "Wartung", last, monday + timedelta(days=day), 12, 13)

    def _block(
        self, plan: CalendarPlan, name: str, resource: str | None, day: date, start: int, end: int
    ) -> None:
        midnight = datetime.combine(day, time(), ZoneInfo(plan.zone))
        self.blockers.append(
            Blocker(
                id=self.id("blocker", plan.name, name, day), organisation=self.organisation,
                calendar=self.calendars[plan.name], name=name,
                resource=self.resources[resource] if resource else None,
                starts_at=(midnight + timedelta(hours=start)).astimezone(UTC),
                ends_at=(midnight + timedelta(hours=end)).astimezone(UTC),
            )
        )  # fmt: skip
