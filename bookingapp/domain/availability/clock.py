"""A clock that begins at the ``now`` it is given and runs on from there."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class Clock:
    """Waiting takes time; what is decided after it needs the time after it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._started = time.monotonic()

    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._started

    def now(self) -> datetime:
        return self._now + timedelta(seconds=self.elapsed_seconds())
