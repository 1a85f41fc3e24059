"""Calls counted as they end, in the process; a thread of its own puts the sums into the tables.

The call itself only adds to a buffer: it is neither slowed down nor failed by a database that is
slow or down. What a dying process had not put there yet (a few seconds) is not counted.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from bookingapp import connect
from bookingapp.domain import tally_rows
from bookingapp.domain.models import CallTally, Organisation
from bookingapp.domain.token_probe import CHANGE, DELETION

logger = logging.getLogger(__name__)

PIECE = timedelta(minutes=5)
KEPT = timedelta(days=7)
_NOT_SENT = frozenset({"NotSent", "CircuitOpen", "Throttled"})

Key = tuple[UUID, datetime]


@dataclass(slots=True)
class Counts:
    """As the fields of CallTally, which says what they mean."""

    calls: int = 0
    refused: int = 0
    throttled: int = 0
    failed: int = 0
    unreachable: int = 0
    held_back: int = 0
    milliseconds: int = 0
    slowest_milliseconds: int = 0

    def add(self, record: connect.CallRecord) -> None:
        kind = kind_of(record)
        self.calls += 1
        if kind:
            setattr(self, kind, getattr(self, kind) + 1)
        if kind != "held_back":
            took = round(record.duration_seconds * 1000)
            self.milliseconds += took
            self.slowest_milliseconds = max(self.slowest_milliseconds, took)

    def merge(self, other: Counts) -> None:
        slowest = max(self.slowest_milliseconds, other.slowest_milliseconds)
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        self.slowest_milliseconds = slowest


def kind_of(record: connect.CallRecord) -> str:
    """The field of CallTally that the call counts in; "" for a good answer."""
    if record.error_class in _NOT_SENT:
        return "held_back"
    if record.name in {CHANGE, DELETION} and record.status in {403, 404}:
        # The doctor wanted just that.
        return ""
    if record.status is None:
        return "unreachable" if record.error_class else ""
    if record.status == 429:
        return "throttled"
    if 400 <= record.status < 500:
        return "refused"
    return "failed" if record.error_class else ""


class Buffer:
    """What ended since the last flush. Every method is safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Key, Counts] = {}
        self._last: dict[UUID, connect.CallRecord] = {}

    def add(self, organisation: UUID, record: connect.CallRecord) -> bool:
        """Whether it is the first since the buffer was emptied."""
        with self._lock:
            is_first = not self._counts
            self._counts.setdefault((organisation, piece_of(record.started_at)), Counts()).add(
                record
            )
            self._last[organisation] = record
            return is_first

    def take(self) -> tuple[dict[Key, Counts], dict[UUID, connect.CallRecord]]:
        with self._lock:
            taken = self._counts, self._last
            self._counts, self._last = {}, {}
            return taken


_buffer = Buffer()


def note(organisation: UUID, record: connect.CallRecord) -> None:
    """Count one call that has ended."""
    if _buffer.add(organisation, record) and settings.TALLY_SECONDS:
        timer = threading.Timer(settings.TALLY_SECONDS, _flush_apart)
        timer.daemon = True
        timer.start()


def flush() -> None:
    """Put what this process has counted into the tables. What cannot be put there is dropped."""
    counts, last = _buffer.take()
    try:
        # An organisation may be gone by now, and on some databases that shows only at the end.
        known = set(Organisation.objects.filter(pk__in=last).values_list("pk", flat=True))
        for (organisation, began_at), sums in counts.items():
            if organisation in known:
                tally_rows.add(organisation, began_at, sums)
        for organisation in known:
            tally_rows.remember(organisation, last[organisation])
    except Exception as error:  # noqa: BLE001 - whatever a database says, nobody waits for charts
        logger.warning("calls not counted", extra={"error": type(error).__name__})


def _flush_apart() -> None:
    try:
        flush()
    finally:
        connection.close()


def piece_of(moment: datetime) -> datetime:
    """The beginning of its five minutes (aware UTC)."""
    seconds = int(moment.timestamp() // PIECE.total_seconds() * PIECE.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


def forget_old(*, now: datetime) -> int:
    """Remove tallies that no page shows any more; returns how many."""
    return CallTally.objects.filter(began_at__lt=now - KEPT).delete()[0]
