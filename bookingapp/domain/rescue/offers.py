"""What could be proposed, read from Connect: a week of one appointment type at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from bookingapp.domain import availability, catalogue
from bookingapp.domain.availability import midnight, monday_of
from bookingapp.domain.availability.windows import WEEK
from bookingapp.domain.models import Booking, Rescue
from bookingapp.domain.rescue.proposals import Closed, usable
from bookingapp.domain.rescue.seats import Offer


@dataclass(frozen=True, slots=True)
class Question:
    """One appointment type in the week of ``monday`` (a local day of the rescue's calendar)."""

    type_pk: int
    monday: date


@dataclass
class Offers:
    """Readings of one rescue, each asked for once; ``unread`` says that some could not be had.

    Where something is known already, ``patience_seconds`` is how long to wait for anything newer.
    """

    rescue: Rescue
    now: datetime
    patience_seconds: float = field(default_factory=lambda: settings.AVAILABILITY_PATIENCE)
    unread: bool = False
    _kept: dict[Question, list[Offer]] = field(default_factory=dict, repr=False)
    _usable: dict[Question, list[Offer]] = field(default_factory=dict, repr=False)
    _as_of: dict[Question, datetime] = field(default_factory=dict, repr=False)
    _closed: list[Closed] | None = field(default=None, repr=False)

    def question(self, booking: Booking, *, weeks_later: int = 0) -> Question:
        day = availability.local_day(self.rescue.calendar.zone, booking.starts_at)
        return Question(booking.appointment_type_id, monday_of(day) + weeks_later * WEEK)

    def of(self, question: Question) -> list[Offer]:
        """What may be proposed from that week; empty when it could not be read."""
        if question not in self._usable:
            ill = self.rescue.resource.connect_id
            closed = self._closed_ones()
            found = usable(self.all(question), ill=ill, closed=closed, now=self.now)
            self._usable[question] = found
        return self._usable[question]

    def all(self, question: Question) -> list[Offer]:
        """Every slot of that week, open or not; empty when it could not be read."""
        if question not in self._kept:
            self._kept[question] = self._read(question)
        return self._kept[question]

    def as_of(self, question: Question) -> datetime | None:
        return self._as_of.get(question)

    def _read(self, question: Question) -> list[Offer]:
        rescue, snapshot = self.rescue, catalogue.snapshot(self.rescue.organisation)
        calendar = snapshot.calendar(rescue.calendar_id)
        kind = snapshot.type(question.type_pk)
        if calendar is None or kind is None:
            return []
        window = availability.window_for(rescue.organisation, calendar, kind, question.monday)
        if window.ends_at <= self.now:
            return []
        reading = availability.read(
            rescue.organisation,
            window,
            now=self.now,
            patience_seconds=self.patience_seconds,
            refresh=True,
        )
        if reading is None or reading.as_of is None:
            self.unread = True
            return []
        self._as_of[question] = reading.as_of
        return [Offer(slot, kind.buffer_minutes or 0) for slot in reading.slots]

    def _closed_ones(self) -> list[Closed]:
        if self._closed is None:
            others = Rescue.objects.filter(organisation=self.rescue.organisation)
            self._closed = list(_absences(others.exclude(pk=self.rescue.pk), self.now))
        return self._closed


def _absences(rescues: QuerySet[Rescue], now: datetime) -> Iterable[Closed]:
    """Whoever is ill elsewhere on those days helps nobody either."""
    yesterday = now.date() - timedelta(days=2)
    found = rescues.filter(until_day__gte=yesterday).select_related("calendar", "resource")
    for one in found:
        zone = one.calendar.zone
        ends_at = midnight(zone, one.until_day + timedelta(days=1))
        yield Closed(one.resource.connect_id, midnight(zone, one.from_day), ends_at)
