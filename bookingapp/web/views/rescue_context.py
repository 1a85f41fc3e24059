"""What the pages of a rescue show, and what has changed since they were shown."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from bookingapp.domain.models import Rescue, RescueRow
from bookingapp.domain.rescue import events, listing, rows
from bookingapp.domain.rescue.progress import progress_of
from bookingapp.domain.rescue.standing import may_open
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import consequence, moments, rescue_line, rescue_words
from bookingapp.web.presenters.reasons import Text
from bookingapp.web.presenters.rescue_line import Line

PAGE = "rescues/page.html"
MODULES = ("js/rescue-keys.js", "js/rescue-live.js")


def find(request: StaffRequest, pk: UUID) -> Rescue:
    rescue = rows.find(request.organisation, pk)
    if rescue is None:
        raise Http404
    return rescue


def find_row(rescue: Rescue, pk: int) -> RescueRow:
    row = rows.find_row(rescue, pk)
    if row is None:
        raise Http404
    return row


def page(rescue: Rescue, now: datetime) -> dict[str, Any]:
    """For ``rescues/page.html`` and its parts."""
    every, zone = rows.rows_of(rescue), moments.zone_of(rescue.calendar.zone)
    progress = progress_of(every, now)
    ready = [row for row in every if may_open(row, now)]
    new = listing.unlisted(rescue, now=now).count()
    lines = [rescue_line.line(row, zone, now) for row in every]
    return {
        "rescue": rescue,
        "days": rescue_words.days(rescue.from_day, rescue.until_day),
        "zone": zone.key,
        "lines": lines,
        "progress": progress,
        "progress_text": rescue_words.progress(progress),
        "consequence": consequence.line(events.of_moves(rescue, ready)),
        "unlisted": new,
        "elsewhere": ", ".join(listing.elsewhere(rescue, now=now)),
        "stamp": stamp(lines, new),
        "changed": [],
        "modules": MODULES,
    }


def stamp(lines: list[Line], unlisted: int) -> str:
    """Names how all lines stand, and how many are not among them yet."""
    told = ",".join((*(f"{line.row.pk}.{line.mark}" for line in lines), str(unlisted)))
    return f"{zlib.crc32(told.encode()):08x}"


def changed_since(lines: list[Line], known: str) -> list[Line]:
    """The lines that are not among the ``known`` ones, as a page names them: "12.5f3759df,…"."""
    there = set(known.split(","))
    return [line for line in lines if f"{line.row.pk}.{line.mark}" not in there]


def answer(
    request: StaffRequest, rescue: Rescue, *, note: Text = "", tone: str = "info", status: int = 200
) -> HttpResponse:
    """The page after something was done to the whole rescue, or its progress with all lines."""
    context = page(rescue, timezone.now())
    told = {"note": note, "tone": tone, "changed": context["lines"]}
    return htmx.render_part(request, PAGE, "progress", context | told, status=status)
