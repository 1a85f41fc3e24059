"""Values of a lead as a person types them: what is no text stays what it is. Pure.

An emptied field is one that goes away; what was not touched comes back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from bookingapp.domain.merge_patch import between, merged

TEXT, NUMBER, TRUTH, NESTED = "text", "number", "truth", "nested"
# Longer ones are shown, and changed elsewhere.
LONGEST_TYPED = 20_000
_LARGEST = 2**53
# Nested deeper, it is nothing that somebody wrote.
DEEPEST = 100


class Unreadable(ValueError):
    """``code`` says why it cannot be the value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def shape_of(value: Any, otherwise: str = TEXT) -> str:
    """What a value is made of; ``otherwise`` for none."""
    match value:
        case None:
            return otherwise
        case bool():
            return TRUTH
        case int() | float():
            return NUMBER
        case dict() | list():
            return NESTED
    return TEXT


def typed(value: Any) -> str:
    """As it stands in a field; "" for nothing. Raises Unreadable for what is nested too deep."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if _is_too_deep(value):
        raise Unreadable("too_deep")
    indent = 2 if isinstance(value, dict | list) else None
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _is_too_deep(value: Any) -> bool:
    # Counted, because how deep Python itself goes differs from release to release.
    level = [value]
    for _ in range(DEEPEST):
        nested = [one for one in level if isinstance(one, dict | list)]
        if not nested:
            return False
        level = [inner for one in nested for inner in _inside(one)]
    return True


def _inside(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def read(text: str, shape: str, before: Any) -> Any:
    """The value that ``text`` says, None for an emptied field. Raises Unreadable.

    ``before`` itself where nothing was changed: a browser has its own line ends.
    """
    text = text.replace("\0", "")
    if _lines(text) == _lines(typed(before)):
        return before
    if not text.strip():
        return None
    if len(text) > LONGEST_TYPED:
        raise Unreadable("too_long")
    return _READERS[shape](text, before)


def _text(text: str, _before: Any) -> str:
    return _lines(text)


def _number(text: str, _before: Any) -> int | float:
    plain = text.strip().replace(",", ".") if text.count(",") == 1 else text.strip()
    try:
        number: int | float = int(plain) if plain.lstrip("+-").isdecimal() else float(plain)
    except ValueError:
        raise Unreadable("number") from None
    if not -_LARGEST < number < _LARGEST:
        raise Unreadable("number")
    return number


def _truth(text: str, _before: Any) -> bool:
    if text not in {"true", "false"}:
        raise Unreadable("truth")
    return text == "true"


def _nested(text: str, before: Any) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()
        is_kept = _is_kept(value)
        # Null says "remove" in a merge patch: one that shall stay cannot be said (contract 5.2).
        is_said = value is not None and merged(before, _patch(before, value)) == value
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    if not is_kept:
        raise Unreadable("json")
    if not is_said:
        raise Unreadable("null")
    return value


def _patch(before: Any, value: Any) -> Any:
    both = isinstance(before, dict) and isinstance(value, dict)
    return between(before, value) if both else value


def _no_number(_text: str) -> Any:
    raise ValueError


def _is_kept(value: Any) -> bool:
    """Whether every part of it comes through Connect's JSON and our databases."""
    match value:
        case bool() | None:
            return True
        case int() | float():
            return -_LARGEST < value < _LARGEST
        case str():
            return "\0" not in value
        case list():
            return all(map(_is_kept, value))
        case dict():
            return all("\0" not in key and _is_kept(part) for key, part in value.items())
    return False


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: dict[str, Callable[[str, Any], Any]] = {
    TEXT: _text,
    NUMBER: _number,
    TRUTH: _truth,
    NESTED: _nested,
}
