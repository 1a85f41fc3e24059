"""What an address asks the list of bookings for, read and written. Pure.

An address may be old, cut or made up: what cannot be read is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bookingapp.domain.booking_filter import Filter, Tab

LONGEST_TEXT = 200
LONGEST_KEY = 18
ME = "me"
MOST_PAGES = 10_000
# Years beyond which a calendar's local days cannot be counted.
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the list: its filter and page, and how to write them into an address."""

    filter: Filter
    page: int
    me: int

    @property
    def person(self) -> str:
        """As the address says it: "" for everybody, "me", or somebody's key."""
        if self.filter.person is None:
            return ""
        return ME if self.filter.person == self.me else str(self.filter.person)

    @property
    def fields(self) -> dict[str, str]:
        """What is asked for, in one order; nothing that is left open, and no page."""
        asked = self.filter
        told = {
            "tab": "" if asked.tab == Tab.UPCOMING else asked.tab.value,
            "q": asked.text,
            "calendar": asked.calendar,
            "type": asked.type,
            "resource": asked.resource,
            "lead": asked.lead,
            "person": self.person,
            "from": asked.first.isoformat() if asked.first else "",
            "until": asked.last.isoformat() if asked.last else "",
        }
        return {name: str(value) for name, value in told.items() if value not in {None, ""}}

    def query(self, **changes: Any) -> str:
        """The address with some of it changed; an empty text takes a field out."""
        fields = self.fields | {name: str(value) for name, value in changes.items()}
        return urlencode({name: value for name, value in fields.items() if value})


def read(query: Mapping[str, str], *, me: int) -> Asked:
    """``me`` is the key of the person who asks."""
    person = query.get("person", "")
    asked = Filter(
        tab=_tab(query.get("tab", "")),
        calendar=key(query.get("calendar", "")),
        resource=key(query.get("resource", "")),
        type=key(query.get("type", "")),
        lead=_lead(query.get("lead", "")),
        person=me if person == ME else key(person),
        text=query.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
        first=day(query.get("from", "")),
        last=day(query.get("until", "")),
    )
    return Asked(asked, min(key(query.get("page", "")) or 1, MOST_PAGES), me)


def key(text: str) -> int | None:
    """A key of ours, or None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY):
        return None
    return int(text)


def day(text: str) -> date | None:
    """An ISO date of our time, or None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _tab(text: str) -> Tab:
    try:
        return Tab(text)
    except ValueError:
        return Tab.UPCOMING


def _lead(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
