"""Whether a value suits what is known of its key. Pure.

Only what every reading refuses is refused: Connect, not this desk, decides about its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import phonenumbers

from bookingapp.domain import safe_pattern
from bookingapp.domain.lead_schema import Descriptor

_EMAIL = re.compile(r"[^@\s]+@[^@\s.][^@\s]*\.[^@\s.]+")
_URL = re.compile(r"(https?://)?[^\s/.@]+(\.[^\s/.]+)+(/\S*)?", re.IGNORECASE)
_AMOUNT = re.compile(r"[^\d\s.,+-]{0,4}\s?[+-]?\d[\d.,'\s]*[^\d\s.,+-]{0,4}")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_LONGEST_CHECKED = 400
_FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` for the words; ``limit`` as it is to be shown, where there is one."""

    code: str
    limit: str = ""


def problem(field: Descriptor, value: Any, *, country: str) -> Problem | None:
    """What is wrong with ``value`` (None: the key goes away) for this key."""
    text = value.strip() if isinstance(value, str) else value
    if text is None or text == "":
        return Problem("required") if field.is_required else None
    if isinstance(text, str):
        check = _SPECIAL.get(field.special)
        if check and not check(text[:_LONGEST_CHECKED], country):
            return Problem(_CODES.get(field.special, field.special))
        if field.pattern and safe_pattern.finds(field.pattern, text) is False:
            return Problem("pattern")
    return _outside(field, text)


def _outside(field: Descriptor, value: Any) -> Problem | None:
    """Of a text it is not said whether its length or its number is meant: both must be outside."""
    sizes = _sizes(value)
    if not sizes:
        return None
    if field.least is not None and all(size < field.least for size in sizes):
        return Problem("least", _shown(field.least))
    if field.most is not None and all(size > field.most for size in sizes):
        return Problem("most", _shown(field.most))
    return None


def _sizes(value: Any) -> list[float]:
    if isinstance(value, bool):
        return []
    if isinstance(value, int | float):
        return [value]
    if isinstance(value, list):
        return [len(value)]
    if not isinstance(value, str):
        return []
    try:
        return [len(value), float(value.replace(",", "."))]
    except ValueError:
        return [len(value)]


def _shown(limit: float) -> str:
    return str(int(limit)) if limit == int(limit) else str(limit)


def _phone(text: str, country: str) -> bool:
    if sum(char.isdigit() for char in text) < _FEWEST_DIGITS:
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, country))
    except phonenumbers.NumberParseException:
        return False


def _day(text: str, _country: str) -> bool:
    if found := _GERMAN_DAY.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    try:
        # Both read only what is a day; a time may follow it.
        date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_SPECIAL: dict[str, Callable[[str, str], bool]] = {
    "phone": _phone,
    "email": lambda text, _: bool(_EMAIL.fullmatch(text)),
    "date": _day,
    "url": lambda text, _: bool(_URL.fullmatch(text)),
    "currency": lambda text, _: bool(_AMOUNT.fullmatch(text)),
    "percentage": lambda text, _: bool(_AMOUNT.fullmatch(text)),
}
_CODES = {"currency": "amount", "percentage": "amount"}
