"""One import: what would happen, how far it is, row by row, and the same as a file."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookingapp.domain import audit
from bookingapp.domain.bulk_moves import TYPED_FROM
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.imports import progress, running
from bookingapp.domain.imports.progress import Progress, Standing
from bookingapp.domain.models import LeadImport
from bookingapp.web import htmx
from bookingapp.web.forms import booking_filter
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import (
    booking_table,
    consequence,
    import_line,
    import_table,
    import_words,
)

PAGE = "imports/page.html"
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """Rows that stand alike; "" are all."""

    word: str
    count: int
    url: str
    current: bool
    tone: str = ""
    icon: str = ""


def find(request: StaffRequest, pk: UUID) -> LeadImport:
    """Raises Http404 for somebody else's."""
    batch = running.find(request.organisation, pk)
    if batch is None:
        raise Http404
    return batch


@require_safe
@desk_view("manager")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Its page; 204 while ``v`` still says how it stands."""
    batch = find(request, pk)
    if not batch.mapping:
        return redirect("import-mapping", slug=request.organisation.slug, pk=pk)
    context = page(request, batch)
    if request.GET.get("v") == context["stamp"]:
        return HttpResponse(status=204)
    context["is_poll"] = "v" in request.GET
    return htmx.render_part(request, PAGE, "progress", context)


@require_safe
@desk_view("manager")
def rows(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What became of each row, for a spreadsheet."""
    batch = find(request, pk)
    standing = _standing(request)
    audit.record(
        "leadimport.exported",
        at=timezone.now(),
        organisation=request.organisation,
        person=request.user,
        details={"batch": str(pk), "rows": standing or "all"},
    )
    text = import_table.text(batch, standing, separator=booking_table.separator())
    pieces: Any = (piece.encode(errors="replace") for piece in text)
    name = f"{request.organisation.slug}-import.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        pieces, content_type=import_table.CONTENT_TYPE, headers=disposition
    )


def page(
    request: StaffRequest, batch: LeadImport, *, error: str = "", typed: str = ""
) -> dict[str, Any]:
    """For ``imports/page.html`` and its parts."""
    told = progress.progress_of(batch)
    phase = phase_of(batch)
    standing = _standing(request)
    number = min(booking_filter.key(request.GET.get("page", "")) or 1, 10_000)
    start = (number - 1) * PAGE_ROWS
    found = list(progress.rows_that(batch, standing)[start : start + PAGE_ROWS + 1])
    events = progress.events_ahead(batch)
    return {
        "batch": batch,
        "phase": phase,
        "is_moving": phase in {"running", "paused"} or told.counts[Standing.ON_ITS_WAY] > 0,
        "headline": headline(batch),
        "told": import_words.progress(told),
        "progress": told,
        "ahead": told.counts[Standing.AHEAD],
        "needs_person": told.counts[Standing.NEEDS_PERSON],
        "tabs": _tabs(batch, told, standing),
        "lines": list(import_line.lines(batch, found[:PAGE_ROWS])),
        "pages": _pages(batch, standing, number, has_more=len(found) > PAGE_ROWS),
        "standing": standing or "",
        "events": events,
        "consequence": consequence.line(Consequence(now=events)),
        "has_to_type": events >= TYPED_FROM,
        "error": error,
        "typed": typed,
        "stamp": f"{zlib.crc32(repr((phase, told.counts)).encode()):08x}",
    }


def phase_of(batch: LeadImport) -> str:
    """ "unmapped", "ready", "running", "paused", "stopped" or "over"."""
    if batch.ended_at is not None:
        return "over"
    if batch.due_at is None:
        return "ready" if batch.mapping else "unmapped"
    if batch.stopped_at is not None:
        return "stopped"
    return "paused" if running.is_paused(batch) else "running"


def headline(batch: LeadImport) -> str:
    """How it stands, in a few words."""
    words = {
        "unmapped": _("Its columns are not told yet"),
        "ready": _("Tried dry, nothing has been sent"),
        "running": _("On its way"),
        "paused": _("Paused for want of a token"),
        "stopped": _("Stopped"),
        "over": _("Ended"),
    }
    return words[phase_of(batch)]


def _standing(request: StaffRequest) -> Standing | None:
    try:
        return Standing(request.GET.get("show", ""))
    except ValueError:
        return None


def _tabs(batch: LeadImport, told: Progress, current: Standing | None) -> list[Tab]:
    every = Tab(_("All rows"), told.total, address(batch), current is None)
    tabs = [every]
    for standing, (word, tone, icon) in import_words.STANDINGS.items():
        count = told.counts[standing]
        if not count and standing != current:
            continue
        would = standing == Standing.AHEAD and batch.due_at is None
        text = str(import_words.WOULD[batch.how] if would else word)
        url = address(batch, show=standing.value)
        tabs.append(Tab(text, count, url, standing == current, tone, icon))
    return tabs


def _pages(
    batch: LeadImport, standing: Standing | None, number: int, *, has_more: bool
) -> dict[str, Any]:
    show = {"show": standing.value} if standing else {}
    return {
        "number": number,
        "previous": address(batch, **show, page=number - 1) if number > 1 else "",
        "next": address(batch, **show, page=number + 1) if has_more else "",
    }


def address(batch: LeadImport, **query: Any) -> str:
    """Of its page, narrowed to some rows."""
    url = reverse("import-detail", kwargs={"slug": batch.organisation.slug, "pk": batch.pk})
    return f"{url}?{urlencode(query)}" if query else url
