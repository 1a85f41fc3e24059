"""The page of a booking: where it stands, what can be done, and its whole story."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from bookingapp.domain import settling, stories
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.states import Kind, State
from bookingapp.domain.stories import Story
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import (
    changes_told,
    moments,
    sentences,
    timeline,
    told_elsewhere,
)
from bookingapp.web.presenters.tombstone import Fact, Tombstone, facts_of, tombstone_of
from bookingapp.web.views import lead_states, status_context, undoing, write_facts
from bookingapp.web.views.panel import PANEL_MODULES
from bookingapp.web.views.status_context import Status

DETAIL, PART = "bookings/detail.html", "bookings/page.html"


@dataclass(frozen=True)
class Page:
    """What the page shows of a story; asks no database."""

    story: Story
    slug: str

    @property
    def booking(self) -> Booking | None:
        return self.story.booking

    @cached_property
    def write(self) -> Write | None:
        """The write that says where it stands; None where only its tombstone can."""
        return present(self.story)

    @cached_property
    def zone(self) -> ZoneInfo:
        if self.booking is not None:
            return moments.zone_of(self.booking.calendar.zone)
        newest = self.story.newest
        return write_facts.zone_of(newest) if newest else moments.zone_of("")

    @cached_property
    def status(self) -> Status | None:
        return status_context.status_of(self.write) if self.write else None

    @property
    def is_gone(self) -> bool:
        """For good: nothing is on its way that would put something in its place."""
        is_deleted = self.booking is not None and self.booking.gone_at is not None
        return is_deleted and self.story.open is None

    @property
    def may_change(self) -> bool:
        """It stands, and nothing else is changing it."""
        return self.booking is not None and not self.is_gone and self.story.open is None

    @property
    def stands_unchanged(self) -> bool:
        """The last change did not happen; the appointment is as it was."""
        is_refused = self.write is not None and self.write.state == State.REFUSED
        return self.may_change and is_refused

    @property
    def who(self) -> str:
        return write_facts.name_of(self.lead)

    @property
    def lead(self) -> Any:
        newest = self.story.newest
        return self.booking.lead if self.booking else newest and newest.lead

    @property
    def when(self) -> str:
        if self.booking is not None:
            ends_at = self.booking.ends_at
            return moments.spoken(self.booking.starts_at, ends_at, self.zone)
        return self.status.row.when if self.status else ""

    @property
    def told_title(self) -> str:
        """Of an appointment that RocketLead told of."""
        return str(sentences.DONE_WORDS["told"])

    @cached_property
    def tombstone(self) -> Tombstone | None:
        return tombstone_of(self.booking, self.zone) if self.booking and self.is_gone else None

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_of(self.booking, self.zone) if self.booking else []

    @cached_property
    def grid_url(self) -> str:
        if self.booking is None:
            return write_facts.grid_url(self.story.newest) if self.story.newest else ""
        ids = (self.booking.calendar.connect_id, self.booking.appointment_type.connect_id)
        at = self.booking.starts_at
        return write_facts.grid_at(self.story.organisation, ids, at, self.zone)

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        names: dict[str, str] = {}
        for write in self.story.writes:
            names |= write_facts.names_of(write)
        reader = timeline.Reader(self.zone, timezone.now(), names)
        told = told_elsewhere.entries(self.story.chain, reader)
        return timeline.whole(self.story.writes, reader, told)

    @property
    def earlier(self) -> list[str]:
        """Where it was before it was moved, the last place first."""
        before = reversed(self.story.chain[:-1])
        return [changes_told.place_of(booking, self.zone) for booking in before]


def present(story: Story) -> Write | None:
    """What is on its way, else the last thing that counts: what was undone or read does not."""
    if story.open is not None:
        return story.open
    told = [write for write in story.writes if not _is_over_and_done_with(write)]
    write = told[-1] if told else story.newest
    booking = story.booking
    if write is None:
        return None
    # It went without a write of ours that says so: "Booked" would be wrong.
    gone_otherwise = booking is not None and booking.gone_at and write.kind != Kind.CANCEL
    return None if gone_otherwise else write


def _is_over_and_done_with(write: Write) -> bool:
    if write.state == State.UNDONE:
        return True
    seen = write.state == State.REFUSED and write.seen_at is not None
    return seen and write.kind != Kind.BOOK


def find(request: StaffRequest, pk: uuid.UUID) -> Story:
    """The story of a booking or a write. Raises Http404."""
    story = stories.find(request.organisation, pk)
    if story is None:
        raise Http404
    return story


def stamp(request: StaffRequest, pk: uuid.UUID) -> str:
    """Names how a write stands, as :func:`status_context.stamp` does; "" for no write."""
    known = Write.objects.filter(organisation=request.organisation, pk=pk)
    versions = known.values_list("version", "after__version").first()
    return "-".join(str(version or 0) for version in versions) if versions else ""


def shown(request: StaffRequest, story: Story, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page, or for htmx its changing part, after a POST with what can be undone now."""
    part = htmx.wants_part(request)
    context = context_of(request, story) | {"part": part} | more
    if part and request.method == "POST":
        # Not when it only looks again: the bar follows what it held until that has ended.
        context |= undoing.bar_context(request) | {"bar": True}
    response = render(request, PART if part else DETAIL, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def context_of(request: StaffRequest, story: Story) -> dict[str, Any]:
    page = Page(story, request.organisation.slug)
    return {
        "page": page,
        "status": page.status,
        "write": page.write,
        "may_settle": page.write is not None
        and settling.may_settle(page.write, request.membership, request.user),
        "intent": uuid.uuid4(),
        "lead_state": lead_states.of(request, page.lead) if page.lead else None,
        "modules": PANEL_MODULES,
    }
