"""The leads of a pool as a file for a spreadsheet. Each one leaves a row in the audit log."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookingapp.domain import audit, pool_table
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import booking_table
from bookingapp.web.presenters.booking_table import BOM, safe
from bookingapp.web.views import table_desk
from bookingapp.web.views.table_desk import TableDesk

# A spreadsheet takes no longer cell.
LONGEST_CELL = 32_000


class _Echo:
    """What csv writes to: it gives the line back."""

    def write(self, text: str) -> str:
        return text


@require_safe
@desk_view("manager")
def csv_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """All that the filter finds, in the order and with the columns of the table."""
    desk = table_desk.of(request, pk)
    _note(desk)
    pieces: Any = (line.encode(errors="replace") for line in _lines(desk))
    name = f"{desk.slug}-leads.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=booking_table.CONTENT_TYPE, headers=headers)


def _lines(desk: TableDesk) -> Iterator[str]:
    """Beginning with the mark by which a spreadsheet knows UTF-8."""
    writer = csv.writer(_Echo(), delimiter=booking_table.separator())
    columns, cells = desk.shown, desk.cells(longest=LONGEST_CELL)
    head = [gettext("Name"), *(str(one.label) for one in columns)]
    yield BOM + str(writer.writerow([safe(text) for text in head]))
    for lead, booking in pool_table.every(desk.asked, desk.order, states=desk.state_ids):
        texts = [lead.name, *(cells.text(one.key, lead, booking) for one in columns)]
        yield str(writer.writerow([safe(text) for text in texts]))


def _note(desk: TableDesk) -> None:
    """What was searched for may be a name: the log says only that something was."""
    asked = desk.filter.as_query()
    audit.record(
        "leads.exported",
        at=timezone.now(),
        organisation=desk.request.organisation,
        person=desk.request.user,
        details={
            "pool": desk.here.pk,
            "count": desk.asked.leads().count(),
            "columns": [one.key for one in desk.shown],
            "filter": asked | {"text": "…"} if "text" in asked else asked,
        },
    )
