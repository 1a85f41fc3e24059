"""What became of each row of an import, as a table for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from bookingapp.domain.imports import progress
from bookingapp.domain.imports.progress import Standing
from bookingapp.domain.models import LeadImport
from bookingapp.web.presenters import booking_table, import_line
from bookingapp.web.presenters.booking_table import safe

CONTENT_TYPE = booking_table.CONTENT_TYPE
CHUNK_ROWS = 500


class _Echo:
    def write(self, text: str) -> str:
        return text


def text(batch: LeadImport, standing: Standing | None, *, separator: str) -> Iterator[str]:
    """Line by line: number, result, why, id at Connect, then the row as it was in the file."""
    writer = csv.writer(_Echo(), delimiter=separator)

    def line(cells: list[str]) -> str:
        return str(writer.writerow([safe(cell) for cell in cells]))

    head = [_("Row"), _("Result"), _("Why"), _("Id at Connect")]
    yield booking_table.BOM + line([*head, *batch.headers])
    rows = progress.rows_that(batch, standing)
    for start in range(0, rows.count(), CHUNK_ROWS):
        chunk = list(rows[start : start + CHUNK_ROWS])
        for row, told in zip(chunk, import_line.lines(batch, chunk), strict=True):
            known = row.lead.connect_id if row.lead else ""
            yield line([str(row.number), told.word, " ".join(told.why), known, *row.cells])
