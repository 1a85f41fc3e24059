"""The audit log as a table for a spreadsheet: no cell of it becomes a formula. Pure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookingapp.domain.models import AuditEvent
from bookingapp.web.presenters import audit_line, audit_words, booking_row
from bookingapp.web.presenters.booking_table import BOM, safe

# A spreadsheet takes no longer cell.
LONGEST_CELL = 32_000


class _Echo:
    """What csv writes to: it gives the line back."""

    def write(self, text: str) -> str:
        return text


def lines(events: Iterable[AuditEvent], zone: ZoneInfo, *, separator: str) -> Iterator[str]:
    """The file line by line, beginning with the mark by which a spreadsheet knows UTF-8."""
    writer = csv.writer(_Echo(), delimiter=separator)
    yield BOM + str(writer.writerow(safe(text) for text in head(zone)))
    for event in events:
        yield str(writer.writerow(safe(text[:LONGEST_CELL]) for text in cells(event, zone)))


def head(zone: ZoneInfo) -> list[str]:
    return [
        *(_("Number"), _("At (UTC)"), _("At ({zone})").format(zone=zone.key), _("Who")),
        *(_("User name"), _("What"), _("Group"), _("Action"), _("Address"), _("Request id")),
        *(_("Write"), _("From state"), _("To state"), _("Reason")),
        *(_("Details"), _("Before"), _("After")),
    ]


def cells(event: AuditEvent, zone: ZoneInfo) -> list[str]:
    kept = getattr(event, "values", None)
    return [
        str(event.pk),
        f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        booking_row.person_name(event.person) if event.person else _("The desk"),
        event.person.get_username() if event.person else "",
        audit_line.text_of(event),
        audit_words.topic(event.topic),
        *(event.action, event.address, event.request_id),
        str(event.write_id or ""),
        *(event.source, event.target, event.reason),
        _json(event.details),
        _json(kept.before if kept else None),
        _json(kept.after if kept else None),
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
