"""The log of every call received at the Connect API; secrets never come in here."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import asdict, dataclass
from itertools import count
from threading import Lock
from time import monotonic
from typing import Any

import msgspec
from django.http import HttpRequest

from bookingapp.sandbox import instants

KEPT = 5000
LONGEST_BODY = 20_000
SECRET = re.compile(r"(rocketlead_[a-z]*)_?[0-9A-Za-z]{8,}")


@dataclass
class Record:
    """One call; `status` is None while it is still being answered, 0 when it was cut off."""

    number: int
    at: str
    method: str
    path: str
    query: dict[str, str]
    body: Any = None
    organisation: str | None = None
    token: str | None = None
    status: int | None = None
    fault: str | None = None
    duration_ms: float | None = None

    def as_json(self) -> dict[str, Any]:
        made = asdict(self)
        made["durationMs"] = made.pop("duration_ms")
        return made


class Log:
    """The last few thousand calls, oldest first."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque(maxlen=KEPT)
        self._numbers = count(1)
        self._lock = Lock()

    def opened(self, request: HttpRequest) -> Record:
        with self._lock:
            record = Record(
                number=next(self._numbers), at=instants.written(instants.now(), "millis"),
                method=request.method or "", path=request.path, query=redacted(request.GET.dict()),
            )  # fmt: skip
            self._records.append(record)
        return record

    def all(self) -> list[Record]:
        with self._lock:
            return list(self._records)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()
            self._numbers = count(1)


def readable(body: bytes) -> Any:
    """A body as the log shows it: JSON if it is, else its beginning as text."""
    if not body:
        return None
    if len(body) <= LONGEST_BODY:
        try:
            return redacted(msgspec.json.decode(body))
        except (msgspec.DecodeError, RecursionError):
            pass
    return redacted(body[:LONGEST_BODY].decode(errors="replace"))


def redacted(value: Any) -> Any:
    """The value without anything that looks like a token, wherever somebody put it."""
    if isinstance(value, str):
        return SECRET.sub(r"\1…", value)
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, dict):
        return {redacted(key): redacted(item) for key, item in value.items()}
    return value


def elapsed_ms(since: float) -> float:
    return round((monotonic() - since) * 1000, 2)


log = Log()
