"""A file of separated values as headers and numbered rows. Pure.

Read tolerantly: any usual separator, line breaks within quotes, rows of any width.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bookingapp.domain.imports.encoding import Unreadable, text_of

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
# Characters; one more is kept so that the row can be called too long.
LONGEST_CELL = 10_000
LONGEST_HEADER = 200
SEPARATORS = ";,\t|"
# A quotation mark that nobody closed swallows everything after it.
MOST_LINES_IN_A_ROW = 200
# What a spreadsheet would calculate; exports put an apostrophe before it.
_GUARDED = tuple(f"'{sign}" for sign in "=+-@＝＋－＠")
_SAMPLE = 50_000


@dataclass(frozen=True, slots=True)
class Row:
    """``number``: 1 for the first row below the headers, as a spreadsheet counts them less one."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Each header is there once and not empty; a row may have fewer or more cells."""

    headers: list[str]
    rows: list[Row]


def read(content: bytes) -> Sheet:
    """Raises Unreadable: empty, workbook, not_text, too_large, quote, no_rows, too_many_rows,
    too_many_columns.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", most=MOST_BYTES // 1_000_000)
    text, separator = _told_separator(text_of(content))
    records = _records(text, separator or separator_of(text))
    head = next((cells for cells in records if any(cells)), None)
    if head is None:
        raise Unreadable("empty")
    rows = list(_rows(records))
    if not rows:
        raise Unreadable("no_rows")
    width = _width(head, rows)
    if width > MOST_COLUMNS:
        raise Unreadable("too_many_columns", most=MOST_COLUMNS)
    return Sheet(_headers(head, width), rows)


def separator_of(text: str) -> str:
    """What separates the cells: where most rows have as many as the headers, and those many."""
    return max(SEPARATORS, key=lambda one: _score(text[:_SAMPLE], one))


def _score(sample: str, separator: str) -> tuple[bool, int, float]:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        rows = [row for row in islice(reader, 30) if row]
    except csv.Error:
        rows = []
    width = len(rows[0]) if rows else 1
    if width < 2:
        return False, 0, 0.0
    alike = sum(len(row) == width for row in rows) / len(rows)
    return alike >= 0.5, width, alike


def _told_separator(text: str) -> tuple[str, str]:
    """Some programs name it in a line of its own above the headers."""
    first, _, rest = text.partition("\n")
    told = first.rstrip("\r")
    if len(told) == 5 and told.lower().startswith("sep="):
        return rest, told[4]
    return text, ""


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise Unreadable("quote", line=line) from None
        if cells is None:
            return
        if reader.line_num - line > MOST_LINES_IN_A_ROW:
            raise Unreadable("quote", line=line)
        yield [_cell(cell) for cell in cells]


def _rows(records: Iterator[list[str]]) -> Iterator[Row]:
    """Those that hold anything, without the empty cells at their end."""
    kept = 0
    for number, cells in enumerate(records, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        kept += 1
        if kept > MOST_ROWS:
            raise Unreadable("too_many_rows", most=MOST_ROWS)
        yield Row(number, cells)


def _cell(text: str) -> str:
    text = text.strip().lstrip("\ufeff")
    return (text[1:] if text.startswith(_GUARDED) else text)[: LONGEST_CELL + 1]


def _width(head: list[str], rows: list[Row]) -> int:
    """Columns without a header count only up to the last one that most rows fill."""
    named = max(at for at, text in enumerate(head, start=1) if text)
    widths = sorted(len(row.cells) for row in rows)
    usual = widths[len(widths) // 2]
    return max(named, min(usual, len(head)))


def _headers(head: list[str], width: int) -> list[str]:
    """Told apart: "Phone", "Phone (2)"; one without a text by its place: "#3"."""
    headers: list[str] = []
    for at in range(width):
        text = " ".join((head[at] if at < len(head) else "").split())[:LONGEST_HEADER]
        text, same, name = text or f"#{at + 1}", 1, ""
        while not name or name in headers:
            name = text if same == 1 else f"{text} ({same})"
            same += 1
        headers.append(name)
    return headers
