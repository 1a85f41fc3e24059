"""The audit log of an organisation, for its admins: found, read, handed out as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookingapp.domain import audit, audit_log, booking_filter
from bookingapp.domain.models import AuditEvent
from bookingapp.web.forms import audit_filter
from bookingapp.web.forms.audit_filter import Asked
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import (
    audit_line,
    audit_table,
    audit_words,
    booking_row,
    booking_table,
    moments,
)
from bookingapp.web.presenters.audit_line import Line

PAGE = "settings/audit/page.html"


@require_safe
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """A page of what the filter finds, newest first."""
    asked = audit_filter.read(request.GET)
    found = audit_log.page(request.organisation, asked.filter, asked.after)
    here = reverse("audit-log", kwargs={"slug": request.organisation.slug})
    context = {
        **_common(request, found.events),
        "asked": asked,
        "is_narrowed": bool(asked.fields),
        "choices": _choices(request, asked),
        "here": here,
        "newest": f"{here}?{asked.query()}" if asked.after else "",
        "older": f"{here}?{asked.query(after=found.older)}" if found.older else "",
        "export": asked.query(),
    }
    return render(request, PAGE, context)


@require_safe
@desk_view("admin")
def event(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One event, by an address that can be passed on."""
    found = audit_log.one(request.organisation, pk)
    if found is None:
        raise Http404
    return render(request, "settings/audit/event.html", _common(request, [found]))


@require_safe
@desk_view("admin")
def csv_file(request: StaffRequest) -> HttpResponseBase:
    """All that the filter finds, for a spreadsheet. It leaves a row in the log itself."""
    asked = audit_filter.read(request.GET)
    _note(request, asked)
    found = audit_log.every(request.organisation, asked.filter)
    text = audit_table.lines(found, _zone(request), separator=booking_table.separator())
    pieces: Any = (piece.encode(errors="replace") for piece in text)
    name = f"{request.organisation.slug}-audit.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=booking_table.CONTENT_TYPE, headers=headers)


def _common(request: StaffRequest, events: Sequence[AuditEvent]) -> dict[str, Any]:
    zone = _zone(request)
    return {
        "lines": _lines(events, zone),
        "zone": zone.key,
        "slug": request.organisation.slug,
    }


def _zone(request: StaffRequest) -> Any:
    return moments.zone_of(booking_filter.usual_zone(request.organisation))


def _lines(events: Sequence[AuditEvent], zone: Any) -> list[Line]:
    calls = audit_log.calls_of(events)
    return [
        audit_line.of(one, zone, calls.get(one.write_id, ()) if one.write_id else ())
        for one in events
    ]


def _choices(request: StaffRequest, asked: Asked) -> dict[str, list[dict[str, Any]]]:
    people = [
        (str(one.pk), booking_row.person_name(one))
        for one in audit_log.people(request.organisation, asked.filter.person)
    ]
    topics = [(code.value, str(text)) for code, text in audit_words.TOPICS.items()]
    chosen = asked.fields
    return {
        "people": _marked(people, asked.person),
        "topics": _marked(topics, chosen.get("topic", "")),
    }


def _marked(known: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": key, "text": text, "current": key == chosen} for key, text in known]


def _note(request: StaffRequest, asked: Asked) -> None:
    """What was searched for may be a name: the log says only that something was."""
    told = asked.fields
    audit.record(
        "audit.exported",
        at=timezone.now(),
        organisation=request.organisation,
        person=request.user,
        details={"filter": told | {"q": "…"} if "q" in told else told},
    )
