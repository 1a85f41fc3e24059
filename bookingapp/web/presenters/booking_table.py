"""Bookings as a table for a spreadsheet. Pure.

Other people's texts must not become formulas in it: see :func:`safe`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookingapp.domain.booking_list import Line
from bookingapp.web.presenters import booking_row, moments

BOM = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"
# What makes a spreadsheet take a cell for a formula; wide forms of the signs included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """What csv writes to: it gives the line back."""

    def write(self, text: str) -> str:
        return text


def lines(found: Iterable[Line], *, separator: str) -> Iterator[str]:
    """The file line by line, beginning with the mark by which a spreadsheet knows UTF-8."""
    writer = csv.writer(_Echo(), delimiter=separator)
    yield BOM + str(writer.writerow(safe(text) for text in head()))
    for line in found:
        yield str(writer.writerow(safe(text) for text in cells(line)))


def safe(text: str) -> str:
    """With an apostrophe where a spreadsheet would begin to calculate."""
    return f"'{text}" if text.startswith(FORMULA) else text


def separator() -> str:
    """Spreadsheets split at what their language does not use within numbers."""
    return pgettext("separator of a CSV file", ",")


def head() -> list[str]:
    return [
        *(_("Day"), _("From"), _("Until"), _("Time zone"), _("From (UTC)")),
        *(_("Status"), _("Lead"), _("Phone"), _("Email")),
        *(_("Appointment type"), _("With"), _("Calendar"), _("Made by"), _("Made at")),
        *(_("Cancelled at"), _("Reason"), _("Id at Connect")),
    ]


def cells(line: Line) -> list[str]:
    booking, lead = line.booking, line.booking.lead
    zone = moments.zone_of(booking.calendar.zone)
    start, end = (at.astimezone(zone) for at in (booking.starts_at, booking.ends_at))
    return [
        *(f"{start:%Y-%m-%d}", moments.hour(start, zone), moments.hour(end, zone), zone.key),
        f"{booking.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        str(booking_row.state_word(booking)),
        *((lead.name, lead.phone, lead.email) if lead else ("", "", "")),
        booking.appointment_type.name,
        booking.resource.name or booking.resource.connect_id,
        booking.calendar.name,
        booking_row.person_name(booking.booked_by),
        _local(booking.booked_at, zone),
        _local(booking.gone_at, zone),
        booking_row.ended_because(booking),
        booking.connect_id,
    ]


def _local(at: Any, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else ""
