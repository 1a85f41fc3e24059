"""Advice among colleagues as markup beside the grid: the grid itself is kept for everybody. Pure.

grid-advice.js brings it into the cells. Built without a template, because a warm page renders none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from bookingapp.domain.advice import Note


def tag(notes: Iterable[Note]) -> str:
    """Names what is told; "" for nothing."""
    told = "\n".join(f"{one.ref} {one.name}" for one in notes)
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest() if told else ""


def element(notes: Iterable[Note], *, oob: bool = False) -> SafeString:
    """``#advice``: for each slot who looks at it, and the words for the cell's name."""
    known = list(notes)
    names: dict[str, list[str]] = {}
    for one in known:
        names.setdefault(str(one.ref), []).append(one.name)
    cells = format_html_join(
        "",
        '<span data-slot="{}" data-short="{}" data-told="{}"></span>',
        ((ref, short(who), booking(who)) for ref, who in names.items()),
    )
    swap = mark_safe(' hx-swap-oob="true"' if oob else "")  # noqa: S308 - constants
    return format_html('<div id="advice" hidden data-tag="{}"{}>{}</div>', tag(known), swap, cells)


def short(names: list[str]) -> str:
    """For the cell: the first name, and how many more."""
    return names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"


def booking(names: list[str]) -> str:
    """For the cell's accessible name: "Maria is booking this"."""
    return ngettext("{names} is booking this", "{names} are booking this", len(names)).format(
        names=_listed(names)
    )


def looking(names: list[str]) -> str:
    """For the panel: "Maria is looking at this time too."; "" for nobody."""
    if not names:
        return ""
    return ngettext(
        "{names} is looking at this time too.", "{names} are looking at this time too.", len(names)
    ).format(names=_listed(names))


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return gettext("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
