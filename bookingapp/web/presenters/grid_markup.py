"""The grid as markup: a string builder that escapes, because 1,400 slots must not cost 20 ms. Pure.

Free cells are submit buttons of the form around the table; the other cells carry their reference in
``data-slot``, so that the keyboard can ask why they are closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Protocol

from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import grid_cell
from bookingapp.web.presenters.grid import WEEK, Column, Grid
from bookingapp.web.presenters.grid_cell import Cell
from bookingapp.web.presenters.grid_text import safe, tidy

BLOCKER_SHOWN = 18


class Dates(Protocol):
    """The day names of a language."""

    def long(self, day: date) -> str: ...
    def short(self, day: date) -> tuple[str, str]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """The grid's words in one language, as templates with named places. Plain text, not markup."""

    time: str
    today: str
    free: str
    n_free: str
    n_left: str
    full: str
    blocked: str
    past: str
    closed: str
    name_free: str
    name_free_of_many: str
    name_full: str
    name_blocked: str
    name_past: str
    name_closed: str
    name_none: str
    here: str
    name_here: str
    freed: str
    name_freed: str
    dates: Dates


def table(grid: Grid, words: Words, *, caption: str, today: date) -> str:
    """The whole ``<table>``. ``caption`` is plain text; ``today`` the calendar's local day."""
    names = [_column_name(column, words) for column in grid.columns]
    parts = [
        '<table class="slot-grid" role="grid" data-view="', grid.question.view, '"><caption ',
        'class="visually-hidden">', escape(caption), '</caption><thead><tr><th scope="col">',
        escape(words.time), "</th>",
    ]  # fmt: skip
    parts += [_head(column, grid, words, today) for column in grid.columns]
    parts.append("</tr></thead><tbody>")
    for at, row in enumerate(grid.rows):
        offset = f"<small>{row.offset_label}</small>" if row.offset_label else ""
        parts.append(f'<tr><th scope="row">{row.label}{offset}</th>')
        when = f"{row.label} {row.offset_label}".rstrip()
        for column, name in enumerate(names):
            cell = grid.cells[at][column]
            parts.append(_cell(cell, grid.starts[at][column], grid.columns[column].pk,
                               name.replace("\0", when), words))  # fmt: skip
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)


def with_chosen(markup: str, ref: SlotRef) -> str:
    """The same table with the cell of ``ref`` marked as chosen."""
    for found in (f' data-slot="{ref}"', f'><button name="slot" value="{ref}"'):
        markup = markup.replace(found, ' aria-selected="true"' + found, 1)
    return markup


def _cell(cell: Cell, starts_at: datetime | None, pk: int, name: str, words: Words) -> str:
    """``name`` is escaped already, and says which day, time and resource."""
    if starts_at is None:
        return f'<td data-state="none" aria-label="{name}, {escape(words.name_none)}"></td>'
    ref = f"{starts_at:%Y%m%dT%H%M%SZ}-{pk}"
    told = escape(_told(cell, words))
    state, here = f'data-state="{cell.state}"', ""
    if cell.is_here:
        state, told, here = _marked(cell, told, words)
    if cell.is_open:
        return (
            f'<td {state}><button name="slot" value="{ref}"'
            f' aria-label="{name}, {told}">{escape(_text(cell, words))}{here}</button></td>'
        )
    named = f'data-slot="{ref}" aria-label="{name}, {told}"'
    return f"<td {state} {named}{_shown(cell, words)}{here}</td>"


def _marked(cell: Cell, told: str, words: Words) -> tuple[str, str, str]:
    """The booking that is being moved is here: as attributes, for the ear and for the eye."""
    state = f'data-state="{cell.state}" data-here'
    if cell.state == grid_cell.HERE:
        return state, told, ""
    return state, f"{told}, {escape(words.name_here)}", f"<small>{escape(words.here)}</small>"


def _shown(cell: Cell, words: Words) -> str:
    """The end of a closed cell's opening tag, and its text."""
    if cell.state == grid_cell.BLOCKED and cell.blocker:
        text, whole = safe(cell.blocker, BLOCKER_SHOWN), safe(cell.blocker)
        return f"><span>{text}</span>" if text == whole else f' title="{whole}"><span>{text}</span>'
    text = escape(_text(cell, words))
    return f"><span>{text}</span>" if cell.state == grid_cell.BLOCKED else f">{text}"


def _text(cell: Cell, words: Words) -> str:
    """What the eye reads; part of the cell's name too, for those who speak to the page."""
    match cell.state:
        case grid_cell.FREE:
            return words.free if cell.capacity == 1 else words.n_free.format(n=cell.left)
        case grid_cell.LAST:
            return words.n_left.format(n=cell.left)
        case grid_cell.FULL:
            return words.full.format(booked=cell.booked, capacity=cell.capacity)
        case grid_cell.NONE:
            return ""
        case state:
            return str(getattr(words, state))


def _told(cell: Cell, words: Words) -> str:
    """What the ear hears after the day, the time and the resource."""
    text = _text(cell, words)
    match cell.state:
        case grid_cell.FREE | grid_cell.LAST:
            many = cell.resources > 1
            pattern = words.name_free_of_many if many else words.name_free
            if cell.capacity == 1:
                return text
            return pattern.format(text=text, capacity=cell.capacity, resources=cell.resources)
        case grid_cell.FULL:
            return words.name_full.format(booked=cell.booked, capacity=cell.capacity)
        case grid_cell.BLOCKED:
            if not cell.blocker:
                return words.blocked
            return words.name_blocked.format(name=tidy(cell.blocker))
        case state:
            return str(getattr(words, f"name_{state}"))


def _column_name(column: Column, words: Words) -> str:
    """Day, a place for the time, and the resource where the cell is one resource's. Escaped."""
    day = escape(words.dates.long(column.day))
    own = f", {safe(column.resource.name)}" if column.resource else ""
    return f"{day}, \0{own}"


def _head(column: Column, grid: Grid, words: Words, today: date) -> str:
    if grid.question.view == WEEK:
        weekday, day = words.dates.short(column.day)
        mark = f' aria-current="date" title="{escape(words.today)}"' if column.day == today else ""
        return f'<th scope="col"{mark}>{escape(weekday)} <b>{escape(day)}</b></th>'
    name, hue = (column.resource.name, column.resource.hue) if column.resource else ("", 0)
    whole, text = safe(name), safe(name, 24)
    title = "" if whole == text else f' title="{whole}"'
    return f'<th scope="col" data-hue="{hue}"{title}><bdi>{text}</bdi></th>'
