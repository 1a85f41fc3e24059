"""The catalogue as pages use it: frozen values, complete, in one piece. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Calendar:
    """``zone`` is an IANA name; empty when Connect names none that we know."""

    pk: int
    connect_id: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Resource:
    """``colour`` is Connect's text, unchecked; ``capacity`` None when Connect did not say."""

    pk: int
    connect_id: str
    name: str
    colour: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class AppointmentType:
    pk: int
    connect_id: str
    name: str
    length_minutes: int | None = None
    search_minutes: int | None = None
    buffer_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class LeadState:
    pk: int
    connect_id: str
    name: str
    colour: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class LeadPool:
    """``states`` in the pool's order. ``default_state``, for new leads, may be None."""

    pk: int
    connect_id: str
    name: str
    states: tuple[LeadState, ...] = ()
    default_state: LeadState | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """A closure between two instants (UTC) of one resource, one calendar, or (None) all of them."""

    pk: int
    name: str
    starts_at: datetime
    ends_at: datetime
    calendar_pk: int | None = None
    resource_pk: int | None = None

    def covers(self, *, calendar_pk: int, resource_pk: int | None) -> bool:
        """Whether it closes this resource here; ``resource_pk`` None: everybody here."""
        return self.calendar_pk in {None, calendar_pk} and self.resource_pk in {None, resource_pk}


_Item = TypeVar("_Item", Calendar, Resource, AppointmentType, LeadPool)
Pairs = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Snapshot:
    """All that Connect offers for booking, as of one version of our copy. Lists sorted by name.

    ``is_known`` is False while it was never read; ``problem`` then says why (codes as for
    availability).
    """

    version: int
    is_known: bool = True
    problem: str = ""
    calendars: tuple[Calendar, ...] = ()
    resources: tuple[Resource, ...] = ()
    types: tuple[AppointmentType, ...] = ()
    pools: tuple[LeadPool, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    # (calendar or type, resource), by our keys.
    resources_of_calendars: Pairs = field(default=frozenset(), repr=False)
    resources_of_types: Pairs = field(default=frozenset(), repr=False)
    # Connect's ids of calendars and lead pools that the organisation does not use here.
    hidden_calendars: frozenset[str] = frozenset()
    hidden_pools: frozenset[str] = frozenset()

    @cached_property
    def used_calendars(self) -> tuple[Calendar, ...]:
        """Those to choose from; ``calendars`` knows the others, too."""
        return tuple(one for one in self.calendars if one.connect_id not in self.hidden_calendars)

    @cached_property
    def used_pools(self) -> tuple[LeadPool, ...]:
        """Those to choose from; ``pools`` knows the others, too."""
        return tuple(one for one in self.pools if one.connect_id not in self.hidden_pools)

    def calendar(self, pk: int) -> Calendar | None:
        return self._calendars.get(pk)

    def resource(self, pk: int) -> Resource | None:
        return self._resources.get(pk)

    def type(self, pk: int) -> AppointmentType | None:
        return self._types.get(pk)

    def pool(self, pk: int) -> LeadPool | None:
        return self._pools.get(pk)

    def calendar_by_connect_id(self, connect_id: str) -> Calendar | None:
        return self._calendar_ids.get(connect_id)

    def resource_by_connect_id(self, connect_id: str) -> Resource | None:
        return self._resource_ids.get(connect_id)

    def type_by_connect_id(self, connect_id: str) -> AppointmentType | None:
        return self._type_ids.get(connect_id)

    def resources_for(self, calendar_pk: int, type_pk: int) -> tuple[Resource, ...]:
        """Who serves this calendar and does this type, by name."""
        return self._resources_for.get((calendar_pk, type_pk), ())

    def types_for(self, calendar_pk: int) -> tuple[AppointmentType, ...]:
        """What at least one resource of the calendar does, by name."""
        return tuple(kind for kind in self.types if self.resources_for(calendar_pk, kind.pk))

    def blockers_for(
        self, calendar_pk: int, starts_at: datetime, ends_at: datetime
    ) -> tuple[Blocker, ...]:
        """Closures of the calendar, or of a resource in it, that touch the time; by start."""
        return tuple(
            blocker
            for blocker in self.blockers
            if blocker.calendar_pk in {None, calendar_pk}
            and blocker.starts_at < ends_at
            and blocker.ends_at > starts_at
        )

    def blocker_over(
        self, calendar_pk: int, resource_pk: int | None, starts_at: datetime, ends_at: datetime
    ) -> Blocker | None:
        """The first closure that touches the time of this resource (None: of everybody)."""
        touching = self.blockers_for(calendar_pk, starts_at, ends_at)
        here = (
            blocker
            for blocker in touching
            if blocker.covers(calendar_pk=calendar_pk, resource_pk=resource_pk)
        )
        return next(here, None)

    @cached_property
    def _resources_for(self) -> dict[tuple[int, int], tuple[Resource, ...]]:
        return {
            (calendar.pk, kind.pk): tuple(
                resource
                for resource in self.resources
                if _maps(self.resources_of_calendars, calendar.pk, resource.pk)
                and _maps(self.resources_of_types, kind.pk, resource.pk)
            )
            for calendar in self.calendars
            for kind in self.types
        }

    @cached_property
    def _calendars(self) -> dict[int, Calendar]:
        return _by_pk(self.calendars)

    @cached_property
    def _resources(self) -> dict[int, Resource]:
        return _by_pk(self.resources)

    @cached_property
    def _types(self) -> dict[int, AppointmentType]:
        return _by_pk(self.types)

    @cached_property
    def _pools(self) -> dict[int, LeadPool]:
        return _by_pk(self.pools)

    @cached_property
    def _calendar_ids(self) -> dict[str, Calendar]:
        return _by_connect_id(self.calendars)

    @cached_property
    def _resource_ids(self) -> dict[str, Resource]:
        return _by_connect_id(self.resources)

    @cached_property
    def _type_ids(self) -> dict[str, AppointmentType]:
        return _by_connect_id(self.types)


def _by_pk(items: tuple[_Item, ...]) -> dict[int, _Item]:
    return {item.pk: item for item in items}


def _by_connect_id(items: tuple[_Item, ...]) -> dict[str, _Item]:
    return {item.connect_id: item for item in items}


def _maps(pairs: Pairs, pk: int, resource_pk: int) -> bool:
    # No mapping at all means that Connect did not tell, not that nobody does anything.
    return not pairs or (pk, resource_pk) in pairs
