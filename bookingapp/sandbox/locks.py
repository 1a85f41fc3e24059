"""One writer at a time within the process: SQLite's own waiting is correct but coarse."""

from __future__ import annotations

from threading import RLock

WRITE = RLock()
