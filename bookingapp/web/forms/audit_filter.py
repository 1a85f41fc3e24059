"""What an address asks the audit log for, read and written. Pure.

An address may be old, cut or made up: what cannot be read is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bookingapp.domain.audit_log import Filter, Place
from bookingapp.domain.audit_topics import Topic
from bookingapp.web.forms.booking_filter import day, key

LONGEST_TEXT = 200
# In the place of a person: what the desk did by itself.
DESK = "desk"


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the log: its filter, where it begins, and how to write both into an address."""

    filter: Filter
    after: Place | None = None

    @property
    def person(self) -> str:
        """As the address says it: "" for everybody, "desk", or somebody's key."""
        if self.filter.by_desk:
            return DESK
        return "" if self.filter.person is None else str(self.filter.person)

    @property
    def fields(self) -> dict[str, str]:
        """What is asked for, in one order; nothing that is left open."""
        asked = self.filter
        told = {
            "q": asked.text,
            "topic": asked.topic.value if asked.topic else "",
            "person": self.person,
            "from": asked.first.isoformat() if asked.first else "",
            "until": asked.last.isoformat() if asked.last else "",
        }
        return {name: value for name, value in told.items() if value}

    def query(self, **changes: Any) -> str:
        """The address with some of it changed; it begins with the newest unless told."""
        fields = self.fields | {name: str(value) for name, value in changes.items()}
        return urlencode({name: value for name, value in fields.items() if value})


def read(query: Mapping[str, str]) -> Asked:
    person = query.get("person", "")
    asked = Filter(
        person=key(person),
        by_desk=person == DESK,
        topic=_topic(query.get("topic", "")),
        first=day(query.get("from", "")),
        last=day(query.get("until", "")),
        text=query.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
    )
    return Asked(asked, Place.read(query.get("after", "")))


def _topic(text: str) -> Topic | None:
    try:
        return Topic(text)
    except ValueError:
        return None
