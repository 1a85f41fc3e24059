"""Values of policies as a person reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, ngettext

from bookingapp.domain.policy_book import Kind, kind_of
from bookingapp.web.presenters import cancel_words
from bookingapp.web.presenters.policy_names import Names, label
from bookingapp.web.presenters.policy_words import CHOICES, UNITS

OF_DAYS = ("keep_", "expiry_")
SHOWN = 4


def words(name: str, value: Any, names: Names) -> str:
    """In one line, of long lists the beginning."""
    kind = kind_of(name)
    if kind == Kind.CHOICE:
        return str(CHOICES[name].get(value, value))
    if kind == Kind.NUMBER:
        return number(name, value)
    if many := _LISTS.get(kind):
        return listed(many(value, names))
    if not value:
        return gettext("none")
    known = {Kind.STATE: lambda: names.states, Kind.FIELD: lambda: names.fields}.get(kind)
    return label(known(), value) if known else str(value)


def number(name: str, value: int) -> str:
    if name.startswith("keep_") and value == 0:
        return gettext("for ever")
    if name.startswith(OF_DAYS):
        return ngettext("{n} day", "{n} days", value).format(n=value)
    return f"{value} {unit(name)}".strip()


def unit(name: str) -> str:
    return gettext("days") if name.startswith(OF_DAYS) else str(UNITS.get(name, ""))


def listed(known: list[str]) -> str:
    if not known:
        return gettext("none")
    shown = ", ".join(known[:SHOWN])
    if (rest := len(known) - SHOWN) > 0:
        return gettext("{names} and {n} more").format(names=shown, n=rest)
    return shown


def _types(value: dict[str, str], names: Names) -> list[str]:
    pairs = value.items()
    return [f"{label(names.pools, pool)}: {label(names.types, one)}" for pool, one in pairs]


_LISTS: dict[Kind, Callable[[Any, Names], list[str]]] = {
    Kind.STATES: lambda value, names: [label(names.states, one) for one in value],
    Kind.REASONS: lambda value, _: [cancel_words.label(one) for one in value],
    Kind.KEYS: lambda value, _: list(value),
    Kind.NAMES: lambda value, _: list(value.values()),
    Kind.TYPES: _types,
    Kind.CALENDARS: lambda value, names: [label(names.calendars, one) for one in value],
    Kind.POOLS: lambda value, names: [label(names.pools, one) for one in value],
    Kind.POOL_KEYS: lambda value, names: [label(names.pools, one) for one in value],
}
