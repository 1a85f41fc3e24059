"""Bookings as files: for a spreadsheet or a calendar. Each one leaves a row in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookingapp.domain import audit, booking_lineage, booking_list
from bookingapp.domain.booking_filter import Tab
from bookingapp.domain.booking_list import CHUNK_ROWS, Line
from bookingapp.web.forms import booking_filter as asking
from bookingapp.web.forms.booking_filter import Asked
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import booking_event, booking_table, calendar_file
from bookingapp.web.presenters.calendar_file import Event

Item = TypeVar("Item")


@require_safe
@desk_view("manager")
def csv_file(request: StaffRequest) -> HttpResponseBase:
    """All that a filter finds, for a spreadsheet."""
    lines = _asked(request, "csv")
    text = booking_table.lines(lines, separator=booking_table.separator())
    return _file(text, booking_table.CONTENT_TYPE, f"{request.organisation.slug}-bookings.csv")


@require_safe
@desk_view("manager")
def calendar_of_all(request: StaffRequest) -> HttpResponseBase:
    """All that a filter finds, for a calendar."""
    lines = _asked(request, "ics")
    return _calendar(request, lines, f"{request.organisation.slug}-bookings.ics")


@require_safe
@desk_view("staff")
def calendar_of_one(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """One booking, for the calendar of whoever it is for."""
    line = booking_list.one(request.organisation, pk)
    if line is None:
        raise Http404
    after = line.booking.moved_to_id
    if after:
        # It is one appointment; its file is that of where it is now.
        return redirect("booking-ics-one", slug=request.organisation.slug, pk=after)
    _note(request, "ics", count=1, asked={"booking": str(pk)})
    return _calendar(request, [line], f"booking-{line.booking.starts_at:%Y-%m-%d}.ics")


def _asked(request: StaffRequest, form: str) -> Iterator[Line]:
    asked = asking.read(request.GET, me=request.user.pk)
    if asked.filter.tab == Tab.OPEN:
        # What is not confirmed is no booking yet; it has no place in anybody's file.
        raise Http404
    now = timezone.now()
    count = booking_list.bookings(request.organisation, asked.filter, now=now).count()
    _note(request, form, count=count, asked=_named(asked))
    return booking_list.every(request.organisation, asked.filter, now=now)


def _named(asked: Asked) -> dict[str, str]:
    """The filter as the log keeps it: what was searched for may be a name."""
    told = {**asked.fields, "tab": asked.filter.tab.value}
    return told | {"q": "…"} if "q" in told else told


def _note(request: StaffRequest, form: str, *, count: int, asked: dict[str, str]) -> None:
    audit.record(
        "bookings.exported",
        at=timezone.now(),
        organisation=request.organisation,
        person=request.user,
        details={"form": form, "count": count, "filter": asked},
    )


def _calendar(request: StaffRequest, lines: Iterable[Line], name: str) -> HttpResponseBase:
    events = _events(request, iter(lines))
    title = request.organisation.name
    text = calendar_file.calendar(events, name=title, now=timezone.now())
    return _file(text, calendar_file.CONTENT_TYPE, name)


def _events(request: StaffRequest, lines: Iterator[Line]) -> Iterator[Event]:
    for chunk in _chunks(lines, CHUNK_ROWS):
        keys = [line.booking.pk for line in chunk]
        lineages = booking_lineage.of(request.organisation, keys)
        yield from (booking_event.of(line.booking, lineages[line.booking.pk]) for line in chunk)


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(islice(items, size)):
        yield chunk


def _file(text: Iterable[str], content_type: str, name: str) -> StreamingHttpResponse:
    pieces: Any = (piece.encode(errors="replace") for piece in text)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=disposition)
