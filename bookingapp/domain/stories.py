"""The life of one appointment: booked, moved perhaps many times, cancelled."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from bookingapp.domain.models import Booking, Organisation, Write
from bookingapp.domain.states import TERMINAL, Kind, State

# Nobody moves an appointment more often; a bound against rows that point at each other.
LONGEST = 50

RELATED = (
    "organisation", "lead", "calendar", "resource", "appointment_type", "write", "booked_by",
    "gone_by",
)  # fmt: skip
TOLD = ("attempts", "moves__person", "after__attempts", "after__moves__person")


@dataclass(frozen=True, slots=True)
class Story:
    """``chain``: the bookings it was, oldest first; ``writes``: all that was asked for it."""

    chain: tuple[Booking, ...]
    writes: tuple[Write, ...]

    @property
    def booking(self) -> Booking | None:
        """What it is now, or was last; None before Connect has confirmed anything."""
        return self.chain[-1] if self.chain else None

    @property
    def newest(self) -> Write | None:
        """None for a booking made elsewhere that nobody here has changed."""
        return self.writes[-1] if self.writes else None

    @property
    def organisation(self) -> Organisation:
        return self.chain[-1].organisation if self.chain else self.writes[-1].organisation

    @property
    def open(self) -> Write | None:
        """The write that is on its way or waits for a person."""
        return next((w for w in reversed(self.writes) if w.state not in TERMINAL), None)


def find(organisation: Organisation, pk: uuid.UUID) -> Story | None:
    """The story that a booking or a write of this id belongs to."""
    story = _read(organisation, pk)
    # The bookings are read before the writes. What a worker ended in between would be told by half,
    # and on a page that looks no more, since nothing is on its way.
    return _read(organisation, pk) if story and _is_torn(story) else story


def _read(organisation: Organisation, pk: uuid.UUID) -> Story | None:
    start = _start(organisation, pk)
    if start is None:
        return None
    booking, write = start
    chain = _chain(booking) if booking else ()
    writes = _writes(organisation, chain, write)
    return Story(chain, writes)


def _is_torn(story: Story) -> bool:
    """Whether a write has done what the bookings do not show."""
    known = {booking.write_id for booking in story.chain}
    standing = {booking.pk for booking in story.chain if booking.gone_at is None}
    return any(
        write.about_id in standing or (write.kind != Kind.CANCEL and write.pk not in known)
        for write in story.writes
        if write.state == State.DONE
    )


def _start(organisation: Organisation, pk: uuid.UUID) -> tuple[Booking | None, Write | None] | None:
    ours = Booking.objects.filter(organisation=organisation).select_related(*RELATED)
    if booking := ours.filter(pk=pk).first():
        return booking, None
    kinds = [Kind.BOOK, Kind.RESCHEDULE, Kind.CANCEL]
    writes = Write.objects.filter(organisation=organisation, kind__in=kinds)
    write = writes.filter(pk=pk).first()
    if write is None:
        return None
    return ours.filter(Q(write=write) | Q(changes=write)).first(), write


def _chain(booking: Booking) -> tuple[Booking, ...]:
    chain = [booking]
    known = Booking.objects.select_related(*RELATED)
    while len(chain) < LONGEST and (before := known.filter(moved_to=chain[0]).first()):
        if before in chain:
            break
        chain.insert(0, before)
    while len(chain) < LONGEST and chain[-1].moved_to_id:
        after = known.get(pk=chain[-1].moved_to_id)
        if after in chain:
            break
        chain.append(after)
    return tuple(chain)


def _writes(
    organisation: Organisation, chain: tuple[Booking, ...], write: Write | None
) -> tuple[Write, ...]:
    about = Q(booking__in=chain) | Q(about__in=chain)
    wanted = about | Q(pk=write.pk) if write else about
    found = Write.objects.filter(wanted, organisation=organisation).distinct()
    found = found.select_related("organisation", "lead", "person", "after", "about")
    return tuple(found.prefetch_related(*TOLD).order_by("created_at", "id"))
