"""From the bytes of a request to a JSON object that any of our databases can keep. Pure."""

from __future__ import annotations

import json
import math
from typing import Any

# Bytes of a body; Connect documents no maximum, and a lead is a few kilobytes.
LARGEST = 256 * 1024
DEEPEST = 30
# Characters of a body kept with its delivery.
LONGEST_KEPT = 32_000
_BIGGEST = 2**53


class Unreadable(Exception):
    """``code``: empty, too_large, not_json, not_an_object, too_deep."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(raw: bytes) -> dict[str, Any]:
    """The object in ``raw``. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable("too_large")
    text = raw.decode("utf-8-sig", "replace").strip("\x00 \t\r\n")
    if not text:
        raise Unreadable("empty")
    try:
        value = clean(json.loads(text))
    except RecursionError:
        raise Unreadable("too_deep") from None
    except ValueError:
        raise Unreadable("not_json") from None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise Unreadable("not_an_object")
    return value


def clean(value: Any, depth: int = 0) -> Any:
    """Without what a database refuses: NULs, half characters, numbers that are none. Raises
    Unreadable for what is nested too deeply.
    """
    if depth > DEEPEST:
        raise Unreadable("too_deep")
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(key)): clean(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner, depth + 1) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) > _BIGGEST:
        return str(value)
    return value


def plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def kept(body: dict[str, Any]) -> dict[str, Any]:
    """The body as a delivery keeps it: a very long one by its beginning only."""
    text = json.dumps(body, ensure_ascii=False)
    return body if len(text) <= LONGEST_KEPT else {"cut": text[:LONGEST_KEPT]}


def kept_raw(raw: bytes) -> dict[str, Any]:
    """What could not be read, as text, to be looked at."""
    return {"raw": plain(raw[:4000].decode("utf-8", "replace"))}
