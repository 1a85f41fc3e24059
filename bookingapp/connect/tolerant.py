"""Reads JSON values into our types member by member, naming what is missing or wrong.

It forgives what does no harm (other spellings, null for missing, numbers in quotes) and refuses
what would have to be guessed (a time without its offset, an id that is no text).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from .instants import as_utc

T = TypeVar("T", bound=msgspec.Struct)

EXTRA = "extra"
_LIMIT = 2**63


class ShapeError(Exception):
    """A body that is not what was promised: where (a JSON path), what, and of which sort."""

    def __init__(self, path: str, problem: str, *, reason: str = "shape") -> None:
        super().__init__(f"{path}: {problem}")
        self.path, self.problem, self.reason = path, problem, reason


def build(kind: type[T], raw: Any, path: str = "$") -> T:
    """One object as ``kind``; ``ShapeError`` names the first member that cannot be read."""
    value: T = _struct(_info(kind), raw, path)
    return value


def build_many(
    kind: type[T], raw: Any, path: str = "$", given: Mapping[str, str] | None = None
) -> tuple[T, ...]:
    """An array of objects; ``given`` are members for the rows that lack them."""
    rows = _array(raw, path)
    if given:
        rows = [_filled(row, given) for row in rows]
    return tuple(build(kind, row, f"{path}[{index}]") for index, row in enumerate(rows))


def _filled(row: Any, given: Mapping[str, str]) -> Any:
    if not isinstance(row, dict):
        return row
    return row | {name: value for name, value in given.items() if row.get(name) is None}


@lru_cache(maxsize=64)
def _info(kind: type[msgspec.Struct]) -> inspect.StructType:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - for the type checker
    return info


def _struct(info: inspect.Type, raw: Any, path: str) -> Any:
    assert isinstance(info, inspect.StructType)  # noqa: S101 - for the type checker
    if not isinstance(raw, dict):
        raise _wrong(path, "an object", raw)
    spellings: Mapping[str, tuple[str, ...]] = getattr(info.cls, "SPELLINGS", {})
    present, values, known = _present(raw), {}, set[str]()
    for field in info.fields:
        if field.name == EXTRA:
            continue
        names = (field.encode_name, *spellings.get(field.name, ()))
        known.update(names)
        found = next((name for name in names if name in present), None)
        if found is not None:
            values[field.name] = _convert(field.type, present[found], f"{path}.{found}")
        elif field.required:
            raise ShapeError(f"{path}.{field.encode_name}", "is missing")
    if any(field.name == EXTRA for field in info.fields):
        values[EXTRA] = {name: value for name, value in raw.items() if name not in known}
    return info.cls(**values)


def _present(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value is not None}


def _convert(info: inspect.Type, raw: Any, path: str) -> Any:
    return _CONVERTERS[type(info)](info, raw, path)


def _optional(info: inspect.Type, raw: Any, path: str) -> Any:
    assert isinstance(info, inspect.UnionType)  # noqa: S101 - for the type checker
    inner = next(kind for kind in info.types if not isinstance(kind, inspect.NoneType))
    return _convert(inner, raw, path)


def _text(info: inspect.Type, raw: Any, path: str) -> str:
    is_id = isinstance(info, inspect.StrType) and bool(info.min_length)
    if isinstance(raw, str):
        if is_id and not raw:
            raise ShapeError(path, "is empty")
        return raw
    # A name may be a number; an id may not: sent back as text it would be another id.
    if not is_id and isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    raise _wrong(path, "text", raw)


def _whole(_info: inspect.Type, raw: Any, path: str) -> int:
    number = _float(_info, raw, path)
    if number != int(number):
        raise _wrong(path, "a whole number", raw)
    return int(number)


def _float(_info: inspect.Type, raw: Any, path: str) -> float:
    try:
        number = None if isinstance(raw, bool) else float(raw)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or not -_LIMIT < number < _LIMIT:
        raise _wrong(path, "a number", raw)
    return number


def _truth(_info: inspect.Type, raw: Any, path: str) -> bool:
    word = raw.strip().lower() if isinstance(raw, str) else raw
    for value, words in ((True, _TRUE), (False, _FALSE)):
        if any(word is known or word == known for known in words):
            return value
    raise _wrong(path, "true or false", raw)


_TRUE = (True, "true", 1)
_FALSE = (False, "false", 0)


def _instant(_info: inspect.Type, raw: Any, path: str) -> datetime:
    if not isinstance(raw, str):
        raise _wrong(path, "a time as text", raw)
    try:
        value = datetime.fromisoformat(raw.strip())
    except ValueError:
        raise ShapeError(path, "is not an ISO 8601 time") from None
    if value.tzinfo is None:
        raise ShapeError(path, "is a time without offset or Z; it is not guessed")
    try:
        return as_utc(value)
    except ValueError as error:
        raise ShapeError(path, str(error)) from None


def _anything(_info: inspect.Type, raw: Any, _path: str) -> Any:
    """What is only looked at where somebody can use it must not spoil the whole answer."""
    return raw


def _object(_info: inspect.Type, raw: Any, path: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _wrong(path, "an object", raw)
    return raw


def _structs(info: inspect.Type, raw: Any, path: str) -> tuple[Any, ...]:
    assert isinstance(info, inspect.VarTupleType)  # noqa: S101 - for the type checker
    return tuple(
        _convert(info.item_type, item, f"{path}[{index}]")
        for index, item in enumerate(_array(raw, path))
    )


def _array(raw: Any, path: str) -> list[Any]:
    if not isinstance(raw, list):
        raise _wrong(path, "an array", raw)
    return raw


def _wrong(path: str, expected: str, raw: Any) -> ShapeError:
    return ShapeError(
        path, f"{expected} was expected, not {_NOUNS.get(type(raw), 'something else')}"
    )


_NOUNS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "this text",
    int: "this number",
    float: "this number",
    bool: "true or false",
    type(None): "null",
}

_CONVERTERS: dict[type[inspect.Type], Callable[[inspect.Type, Any, str], Any]] = {
    inspect.StructType: _struct,
    inspect.UnionType: _optional,
    inspect.StrType: _text,
    inspect.IntType: _whole,
    inspect.FloatType: _float,
    inspect.BoolType: _truth,
    inspect.DateTimeType: _instant,
    inspect.DictType: _object,
    inspect.AnyType: _anything,
    inspect.VarTupleType: _structs,
}
