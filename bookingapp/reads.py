"""What a request read from the shared cache: noted, and on its next time fetched in one trip."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_MISSING = object()


class _Request(threading.local):
    # What was read so far; None while nothing is noted.
    seen: dict[str, Any] | None = None
    # What was fetched ahead; each value is good for one reading, as the next may wait for news.
    ahead: dict[str, Any] | None = None


_request = _Request()


@contextmanager
def noted(ahead: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields what this thread reads from now on; ``ahead`` was read just before."""
    seen: dict[str, Any] = {}
    _request.seen, _request.ahead = seen, dict(ahead)
    try:
        yield seen
    finally:
        _request.seen = _request.ahead = None


class Noted:
    """Mixed into a cache backend: notes what is read through it."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        if _request.ahead and _request.ahead.get(key) is not None:
            found = _request.ahead.pop(key)
        else:
            found = super().get(key, _MISSING, version=version)  # type: ignore[misc]  # the backend's
        if _request.seen is not None:
            _request.seen[key] = None if found is _MISSING else found
        return default if found is _MISSING else found

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        asked, ahead = list(keys), _request.ahead
        if ahead and all(key in ahead for key in asked):
            found = {key: ahead.pop(key) for key in asked}
            found = {key: value for key, value in found.items() if value is not None}
        else:
            found = super().get_many(asked, version=version)  # type: ignore[misc]  # the backend's
        if _request.seen is not None:
            _request.seen.update({key: found.get(key) for key in asked})
        return found
