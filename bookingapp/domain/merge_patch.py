"""JSON Merge Patch (RFC 7396): what a patch makes of a document, and the patch between two. Pure.

Null removes a key, absent leaves it, objects merge deeply, everything else (arrays too) replaces
(contract 5.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(target: Any, patch: Any) -> Any:
    """``target`` as it is after ``patch``; neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest patch that makes ``new`` of ``old``: nothing for what is the same.

    A null inside ``new`` cannot be set by any patch; it comes out as removed.
    """
    # A null that was there stays where it is: it is the same.
    patch: dict[str, Any] = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if _same(before, value):
            continue
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            # Nothing where they differ only in nulls that no patch can set.
            if inner := between(before, value):
                patch[key] = inner
        else:
            patch[key] = value
    return patch


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same kind: 1, 1.0 and true are three values in JSON's eyes."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_same(a, b) for a, b in pairs)
    return type(one) is type(other) and bool(one == other)
