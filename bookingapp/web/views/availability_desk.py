"""One look at the availability: what the address asks for, the reading, and the drawn grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils.translation import get_language, gettext

from bookingapp.domain import availability, catalogue
from bookingapp.domain.availability import Reading, Window
from bookingapp.domain.slots import ANYONE, Slot, SlotRef
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import (
    availability_state,
    grid,
    grid_cache,
    grid_cell,
    grid_markup,
    grid_moving,
    grid_words,
)
from bookingapp.web.presenters.availability_state import AvailabilityState
from bookingapp.web.presenters.grid_cache import Drawn
from bookingapp.web.presenters.grid_moving import Place
from bookingapp.web.presenters.moving import Moving
from bookingapp.web.templatetags.desk import hue
from bookingapp.web.views import moving_mode

if TYPE_CHECKING:
    from bookingapp.domain.catalogue import Snapshot
    from bookingapp.domain.models import Organisation

COOKIE = "desk_availability"
# Pressing "refresh" again within this time is answered with the same reading.
JUST_NOW = timedelta(seconds=2)


@dataclass
class Desk:
    """What one request looks at, at ``now`` (aware UTC). ``reading`` None: still on its way."""

    organisation: Organisation
    snapshot: Snapshot
    state: AvailabilityState
    now: datetime
    reading: Reading | None = None
    note: str = ""
    # Only the grid is sent: the panel beside it may say what was true before.
    is_poll: bool = False
    drawn: Drawn | None = field(default=None, repr=False)

    @cached_property
    def window(self) -> Window | None:
        return self.window_of(self.state)

    def window_of(self, state: AvailabilityState) -> Window | None:
        """None without a calendar, a type, or a zone that says when days begin."""
        if not (state.calendar and state.type):
            return None
        try:
            return availability.window_for(self.organisation, state.calendar, state.type, state.day)
        except availability.NoZone:
            return None

    @property
    def slots(self) -> Sequence[Slot]:
        return self.reading.slots if self.reading else ()

    @cached_property
    def moving(self) -> Moving | None:
        """The booking for which another time is being looked for."""
        pk = self.state.moving
        return moving_mode.find(self.organisation, pk) if pk else None

    @cached_property
    def place(self) -> Place | None:
        """Where that booking is now, while it may be moved."""
        return moving_mode.place_of(self.moving, self.state.type) if self.moving else None

    @property
    def is_loading(self) -> bool:
        return self.window is not None and self.reading is None

    @property
    def is_stale(self) -> bool:
        """Whether the page should ask again as soon as it is shown."""
        if self.reading is None:
            return self.window is not None
        age = self.age_seconds
        return age is None or age > settings.AVAILABILITY_SOFT_AGE

    @property
    def age_seconds(self) -> float | None:
        """How old the reading is; None when there is none."""
        return availability.age_seconds(self.reading, self.now) if self.reading else None

    @cached_property
    def tag(self) -> str:
        """Names what the grid shows: when it is the same, nothing needs to be sent again."""
        if self.reading is None:
            return ""
        begun = bisect_right(self.slots, self.now, key=attrgetter("starts_at"))
        parts = (self.reading.version, self.reading.problem, self.organisation.catalogue_version,
                 begun, self.state.today)  # fmt: skip
        own = (self.moving.stamp,) if self.moving else ()
        return "~".join(str(part) for part in (*parts, *own))

    @cached_property
    def question(self) -> grid.Question:
        resource = self.state.resource
        people = [_person(one) for one in self.resources]
        own = next((one for one in people if resource and one.pk == resource.pk), None)
        return grid.Question(
            view=self.state.view,
            day=self.state.day,
            monday=self.state.monday,
            zone=self.state.zone,
            resources=people,
            resource=own,
            closures=self._closures(),
            place=self.place,
        )

    @cached_property
    def resources(self) -> Sequence[catalogue.Resource]:
        return availability_state.resources_of(self.snapshot, self.state.calendar, self.state.type)

    def ref_of(self, slot: Slot) -> SlotRef:
        """Names the cell in which the page shows the slot."""
        if not self.question.by_resource:
            return SlotRef(slot.starts_at)
        own = self.snapshot.resource_by_connect_id(slot.resource_id)
        return SlotRef(slot.starts_at, own.pk if own else ANYONE)

    @property
    def problem_text(self) -> str:
        """Why the newest try failed, as a sentence; "" when it did not."""
        code = self.reading.problem if self.reading else self.snapshot.problem
        return grid_words.problem(code)

    def look(self, *, refresh: bool = False, again: bool = False) -> None:
        """Take a reading: ``again`` one of just now, ``refresh`` one within the soft age."""
        if self.window is None:
            return
        newer_than = self.now - JUST_NOW if again else None
        self.reading = availability.read(
            self.organisation,
            self.window,
            now=self.now,
            patience_seconds=settings.AVAILABILITY_PATIENCE,
            refresh=refresh,
            newer_than=newer_than,
        )

    def draw(self) -> None:
        """The grid's table, from this process's memory where it shows the very same."""
        if self.reading is None or self.reading.as_of is None or self.window is None:
            return
        if self.moving:
            # Marked for one person's errand: never kept among what everybody is shown.
            self.drawn = self._drawn()
            return
        fields = self.state.fields
        key = (self.window.key, get_language(), self.tag, fields["resource"], self.state.first,
               self.state.view)  # fmt: skip
        self.drawn = grid_cache.tables.get(key, self._drawn)

    def _drawn(self) -> Drawn:
        slots = grid_moving.with_place(self.place, self.slots) if self.place else self.slots
        made = grid.build(self.question, slots, self.now)
        caption = gettext("Availability, {days}").format(
            days=grid_words.span(self.state.first, self.state.last)
        )
        table = grid_markup.table(made, grid_words.words(), caption=caption, today=self.state.today)
        return Drawn(table, has_slots=bool(made.rows), has_open=made.has_open)

    def _closures(self) -> list[grid_cell.Closure]:
        calendar, window = self.state.calendar, self.window
        if calendar is None or window is None:
            return []
        found = self.snapshot.blockers_for(calendar.pk, window.starts_at, window.ends_at)
        return [_closure(one, self.snapshot) for one in found]


def open_desk(request: StaffRequest, now: datetime) -> Desk:
    """What the request's address asks for. Nothing is read from Connect yet."""
    snapshot = catalogue.snapshot(request.organisation)
    remembered = dict(parse_qsl(request.COOKIES.get(COOKIE, "")[:200]))
    state = availability_state.read(request.GET.dict(), remembered, snapshot, now)
    desk = Desk(request.organisation, snapshot, state, now)
    if state.moving and desk.moving is None:
        # Not a booking of this organisation: the address is read as if it named none.
        desk.state = state.without_moving()
    return desk


def _person(resource: catalogue.Resource) -> grid.Person:
    return grid.Person(
        resource.pk, resource.connect_id, resource.name, hue(resource.colour, resource.name)
    )


def _closure(blocker: catalogue.Blocker, snapshot: Snapshot) -> grid_cell.Closure:
    own = snapshot.resource(blocker.resource_pk) if blocker.resource_pk else None
    return grid_cell.Closure(
        blocker.name, own.connect_id if own else None, blocker.starts_at, blocker.ends_at
    )
