"""JSON to typed values: fast when the answer is as documented, patient when it is only similar."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import msgspec

from .errors import Unreadable
from .tolerant import ShapeError, build, build_many

T = TypeVar("T", bound=msgspec.Struct)

__all__ = ["ShapeError", "encode", "parse", "read_as", "read_list", "read_one", "unreadable"]

_BOM = b"\xef\xbb\xbf"
# The escape itself, not a backslash that somebody typed in front of "u0000".
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def encode(value: Any) -> bytes:
    """A request body. Members that are msgspec's UNSET are left out."""
    return msgspec.json.encode(value)


def parse(body: bytes) -> Any:
    """The body as plain JSON values; ``ShapeError`` when it is none."""
    if not body.strip():
        raise ShapeError("$", "the answer is empty", reason="malformed")
    body = _without_nul(body)
    try:
        return msgspec.json.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _patiently(body)


def _without_nul(body: bytes) -> bytes:
    """A NUL in a text is nothing that anybody typed, and PostgreSQL keeps none."""
    return _NUL.sub(rb"\1", body) if b"u0000" in body else body


def _patiently(body: bytes) -> Any:
    # Half an emoji in somebody's name is a lone surrogate on the wire. It must not hide that a
    # booking was made: the half is replaced, the rest read.
    try:
        text = body.decode("utf-8-sig", "replace")
        value = json.loads(text, parse_constant=_refuse)
        whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(whole)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        # The parser's words name a place, not a value: safe to pass on.
        raise ShapeError("$", f"not JSON: {error}", reason="malformed") from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")


def read_as(decoder: msgspec.json.Decoder[T], body: bytes, *, bare: str = "") -> T:
    """An object decoded at once where it is as documented; otherwise read member by member.

    With ``bare``, an array on its own counts as the object's member of that name.
    """
    try:
        return decoder.decode(_without_nul(body))
    except (msgspec.DecodeError, ValueError, RecursionError):
        raw = parse(body)
    if bare and isinstance(raw, list):
        raw = {bare: raw}
    return build(decoder.type, raw)


def read_one(kind: type[T], body: bytes) -> T:
    """One object, read member by member: few enough that patience costs nothing."""
    raw = parse(body)
    # It may be wrapped as lists may be; a lead's own "data" never stands alone.
    if isinstance(raw, dict) and "data" in raw and set(raw) <= {"data", "meta"}:
        return build(kind, raw["data"], "$.data")
    return build(kind, raw)


def read_list(kind: type[T], body: bytes, **given: str | None) -> tuple[T, ...]:
    """A bare array, or an object holding it as ``data`` (contract section 10, list envelope).

    ``given`` fills members that the rows leave out because the question had them as its filter.
    """
    raw, path = parse(body), "$"
    if isinstance(raw, dict) and "data" in raw:
        raw, path = raw["data"], "$.data"
    filled = {name: value for name, value in given.items() if value is not None}
    return build_many(kind, raw, path, filled)


def unreadable(error: ShapeError, status: int) -> Unreadable:
    """The error for a 2xx whose body is not what was promised."""
    return Unreadable(f"{error.path}: {error.problem}", reason=error.reason, status=status)
