"""An answer as a value, and the parts of it that are the same for every call."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from .wire import ShapeError, parse

RETRY_AFTER_CAP_SECONDS = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``headers`` are lower-cased; ``received_at`` (UTC) is needed for dates only."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    received_at: datetime | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Envelope:
    """Connect's error form ``{"statusCode": <int>, "message": <text or list>}`` (section 3.4)."""

    messages: tuple[str, ...]
    is_genuine: bool

    @property
    def message(self) -> str:
        return "; ".join(self.messages)


def envelope(reply: Reply) -> Envelope:
    """What the body says about an error; the status's own text when it says nothing usable."""
    try:
        body = parse(reply.body)
    except ShapeError:
        body = None
    fields = body if isinstance(body, dict) else {}
    messages = _messages(fields.get("message"))
    # A gateway may answer {"message": …} too; only Connect repeats the status in the body.
    genuine = bool(messages) and fields.get("statusCode") == reply.status
    return Envelope(messages or (status_text(reply.status),), genuine)


def status_text(status: int) -> str:
    """The standard phrase for a status, or just its number."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status {status}"


def retry_after(reply: Reply) -> float | None:
    """Seconds to wait by Retry-After, as seconds or as a date; capped at 15 minutes, never < 0.

    A date is counted from when the answer came, by our clock or, without one, by its Date header.
    """
    value = reply.headers.get("retry-after", "").strip()
    seconds = _seconds(value)
    if seconds is None:
        seconds = _seconds_until(value, reply)
    return None if seconds is None else min(max(seconds, 0.0), RETRY_AFTER_CAP_SECONDS)


def _messages(value: Any) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    return tuple(text for text in texts[:20] if isinstance(text, str) and text.strip())


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return None if math.isnan(seconds) else seconds


def _seconds_until(value: str, reply: Reply) -> float | None:
    until = _http_date(value)
    since = reply.received_at or _http_date(reply.headers.get("date", ""))
    if until is None or since is None:
        return None
    return (until - since).total_seconds()


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The format knows only GMT; "-0000" comes back naive and means the same.
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
