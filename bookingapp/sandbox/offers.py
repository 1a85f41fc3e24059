"""Which slots a calendar offers: recurring windows, blockers, mappings, capacities, bookings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bookingapp.sandbox import grid
from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.models import (
    AppointmentType,
    Blocker,
    Booking,
    Calendar,
    Resource,
    ResourceSlot,
)

Held = tuple[int, int]  # from, until (with the buffer), in epoch seconds


@dataclass(frozen=True)
class Question:
    """Slots of a type in a calendar that start in [start, end), epoch seconds."""

    calendar: Calendar
    type: AppointmentType
    resource_ids: frozenset[str]
    start: int
    end: int
    step_seconds: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One slot as it stands: seats, seats taken, and whether a blocker lies over it."""

    slot: ResourceSlot
    resource: Resource
    start: int
    end: int
    capacity: int
    taken: int
    blocked: bool

    @property
    def is_free(self) -> bool:
        return not self.blocked and self.taken < self.capacity


def ask(catalogue: Catalogue, question: Question) -> list[Offer]:
    """Every slot of the question, by time and then by resource."""
    slots = [
        slot
        for slot in catalogue.slots_of.get(question.calendar.id, [])
        if slot.resource_id in question.resource_ids
    ]
    held = held_by_resource(question, {slot.resource_id for slot in slots})
    found = [o for slot in slots for o in _of_slot(catalogue, question, slot, held)]
    found.sort(key=lambda offer: (offer.start, offer.resource.position))
    return found


def held_by_resource(question: Question, resource_ids: Iterable[str]) -> dict[str, list[Held]]:
    """What the bookings hold of each resource, in and around the question's window."""
    longest = timedelta(minutes=question.type.length_minutes + question.type.buffer_minutes)
    rows = Booking.objects.filter(
        resource_id__in=list(resource_ids),
        starts_at__lt=moment(question.end) + longest,
        held_until__gt=moment(question.start),
    ).values_list("resource_id", "starts_at", "held_until")
    held: dict[str, list[Held]] = {}
    for resource_id, starts_at, held_until in rows:
        span = (int(starts_at.timestamp()), int(held_until.timestamp()))
        held.setdefault(resource_id or "", []).append(span)
    return held


def occurs_on(slot: ResourceSlot, day: date) -> bool:
    """The recurrence rules of section 5.5, on the calendar's own days."""
    if day < slot.first_date or (slot.last_date is not None and day > slot.last_date):
        return False
    match slot.recurrence:
        case "once":
            return day == slot.first_date
        case "weekly":
            return day.weekday() == slot.first_date.weekday()
        case "monthly":
            return day.day == slot.first_date.day
        case "weekdays":
            return str(day.weekday()) in slot.weekdays
        case _:
            return True


def moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def _of_slot(
    catalogue: Catalogue, question: Question, slot: ResourceSlot, held: Mapping[str, list[Held]]
) -> Iterator[Offer]:
    resource = catalogue.resources[slot.resource_id]
    capacity = slot.capacity or resource.capacity
    buffer = question.type.buffer_minutes * 60
    blocked = _blocked_spans(catalogue.blockers, slot)
    for day in _days(question, slot):
        spans = _spans(question, slot, day)
        if not spans:
            continue
        near = _overlapping(held.get(resource.id, []), spans[0][0], spans[-1][1] + buffer)
        for start, end in spans:
            yield Offer(
                slot, resource, start, end, capacity,
                taken=len(_overlapping(near, start, end + buffer)),
                blocked=bool(blocked) and bool(_overlapping(blocked, start, end)),
            )  # fmt: skip


def _days(question: Question, slot: ResourceSlot) -> Iterator[date]:
    day = grid.local_date(question.calendar.zone, question.start)
    last = grid.local_date(question.calendar.zone, question.end)
    while day <= last:
        if occurs_on(slot, day):
            yield day
        day += timedelta(days=1)


def _spans(question: Question, slot: ResourceSlot, day: date) -> list[Held]:
    spans = grid.slot_instants(
        question.calendar.zone, day, slot.opens_minute, slot.closes_minute,
        question.step_seconds, question.type.length_minutes * 60,
    )  # fmt: skip
    return [span for span in spans if question.start <= span[0] < question.end]


def _blocked_spans(blockers: Iterable[Blocker], slot: ResourceSlot) -> list[Held]:
    return [
        (int(one.starts_at.timestamp()), int(one.ends_at.timestamp()))
        for one in blockers
        if one.calendar_id == slot.calendar_id and one.resource_id in {None, slot.resource_id}
    ]


def _overlapping(spans: list[Held], start: int, end: int) -> list[Held]:
    return [span for span in spans if span[0] < end and span[1] > start]
