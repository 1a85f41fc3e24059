"""Appointments as a calendar file (RFC 5545): CRLF, lines of 75 octets, escaped text, UTC. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75
CONTENT_TYPE = "text/calendar; charset=utf-8"
# Connect's texts are anybody's: what no calendar may contain is left out.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment; instants are aware. ``uid`` and ``sequence`` make a later file of the same
    appointment replace the earlier one.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    changed_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    category: str = ""
    is_cancelled: bool = False


def calendar(events: Iterable[Event], *, name: str, now: datetime) -> Iterator[str]:
    """The file in pieces, one per event."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bookingapp//Booking desk//EN")
    yield _lines([*head, "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escape(name)}"])
    for event in events:
        yield _lines(_event(event, now))
    yield _lines(["END:VCALENDAR"])


def escape(text: str) -> str:
    """A TEXT value (section 3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", plain).translate(_ESCAPED)


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character cut in two (section 3.1)."""
    pieces, piece, octets = [], "", 0
    for char in line:
        width = len(char.encode(errors="replace"))
        # The space that begins a continuation counts too.
        if octets + width > LINE_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + char, octets + width
    return "\r\n".join([*pieces, piece])


def stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{stamp(now)}"
    yield f"CREATED:{stamp(event.made_at)}"
    yield f"LAST-MODIFIED:{stamp(event.changed_at)}"
    yield f"DTSTART:{stamp(event.starts_at)}"
    yield f"DTEND:{stamp(event.ends_at)}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    texts = {
        "SUMMARY": event.summary,
        "DESCRIPTION": event.description,
        "LOCATION": event.location,
        "CATEGORIES": event.category,
    }
    yield from (f"{name}:{escape(text)}" for name, text in texts.items() if text)
    yield "END:VEVENT"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{fold(line)}\r\n" for line in lines)
