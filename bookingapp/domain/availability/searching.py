"""The first free slot from a day on, week by week, with the readings everybody shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from bookingapp.domain.availability.clock import Clock
from bookingapp.domain.availability.looking import first_open
from bookingapp.domain.availability.sharing import read
from bookingapp.domain.availability.windows import (
    WEEK,
    Window,
    local_day,
    midnight,
    window_for,
)
from bookingapp.domain.catalogue import AppointmentType, Calendar
from bookingapp.domain.models import Organisation
from bookingapp.domain.slots import Slot

MOST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Search:
    """What was found. ``searched_until`` is the first local day that was not looked at.

    ``problem`` (see problems.py) says why it stopped early; "waiting": a week is still on its way.
    """

    slot: Slot | None
    day: date | None
    searched_until: date
    problem: str = ""


def find_first_open(  # noqa: PLR0913 - each of them says which slot counts, or how long to look
    organisation: Organisation,
    calendar: Calendar,
    appointment_type: AppointmentType,
    from_day: date,
    resource_connect_id: str | None = None,
    *,
    now: datetime,
    weeks: int = 5,
    patience_seconds: float | None = None,
    passing_over: Callable[[Slot], bool] | None = None,
) -> Search:
    """The first free slot on or after the local ``from_day``, in so many weeks (26 at most).

    Slots that are ``passing_over`` do not count, as the place of a booking that is to be moved.

    Waits ``patience_seconds`` (default: AVAILABILITY_PATIENCE) for all of them together. A week
    that cannot be read ends the search: a later slot would not be the first. Raises NoZone.
    """
    clock = Clock(now)
    patience = settings.AVAILABILITY_PATIENCE if patience_seconds is None else patience_seconds
    window = window_for(organisation, calendar, appointment_type, from_day)
    not_before = midnight(calendar.zone, from_day)
    for _ in range(min(max(weeks, 1), MOST_WEEKS)):
        left = max(patience - clock.elapsed_seconds(), 0)
        reading = read(organisation, window, now=clock.now(), patience_seconds=left)
        if reading is None or reading.as_of is None:
            problem = reading.problem if reading else "waiting"
            return Search(None, None, max(window.starts_on, from_day), problem)
        later = (
            slot
            for slot in reading.slots
            if slot.starts_at >= not_before and not (passing_over and passing_over(slot))
        )
        slot = first_open(later, now, resource_connect_id)
        if slot:
            return Search(slot, local_day(calendar.zone, slot.starts_at), _end(window))
        window = window_for(organisation, calendar, appointment_type, _end(window))
    return Search(None, None, window.starts_on)


def _end(window: Window) -> date:
    return window.starts_on + WEEK
