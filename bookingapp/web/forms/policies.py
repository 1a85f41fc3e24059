"""The form of one section of policies, read into plain values; what cannot be read stays typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from bookingapp.domain.policy import PoolKeys
from bookingapp.domain.policy_book import DEFAULTS, Kind, Section, kind_of

LONGEST = 20_000
LONGEST_SEEN = 500_000
KEY_NAMES = PoolKeys.__struct_fields__


def seen_in(post: QueryDict, section: Section) -> dict[str, Any]:
    """What the page has shown. Nothing usable: nothing, and then everything counts as typed."""
    text = post.get("seen", "")
    try:
        known = json.loads(text) if len(text) <= LONGEST_SEEN else {}
    except (ValueError, RecursionError):
        known = {}
    known = known if isinstance(known, dict) else {}
    return {name: known[name] for name in section.policies if name in known}


def wanted_in(post: QueryDict, section: Section, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Every policy of the section, as the form has it."""
    return {name: _value(post, name, seen.get(name)) for name in section.policies}


def changed_by(act: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a button that only edits the form makes of it: a reason up, down, off, one more; a key
    more. Nothing of it is saved.
    """
    what, _, rest = act.partition(":")
    reasons = list(wanted.get("cancel_reasons", ()))
    if what in {"up", "down", "drop"} and rest.isdecimal() and int(rest[:4]) < len(reasons):
        _move(reasons, int(rest[:4]), what)
        return {**wanted, "cancel_reasons": reasons}
    if what == "key":
        return _with_key(rest, wanted)
    return wanted


def with_default(name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    return {**wanted, name: DEFAULTS[name]} if name in wanted else wanted


def _value(post: QueryDict, name: str, seen: Any) -> Any:
    kind = kind_of(name)
    if kind == Kind.STATES:
        ticked = list(dict.fromkeys(post.getlist(name)))
        kept = [one for one in seen if one in ticked] if isinstance(seen, list) else []
        return [*kept, *(one for one in ticked if one not in kept)]
    read = _READERS.get(kind)
    return read(post, name) if read else post.get(name, "").strip()


def _reasons(post: QueryDict, name: str) -> list[str]:
    more = (post.get("known_reason", ""), post.get("own_reason", ""))
    typed = (text.strip() for text in (*post.getlist(name), *more))
    return list(dict.fromkeys(text for text in typed if text))


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text


def _lines(text: str) -> list[str]:
    typed = (line.strip() for line in text[:LONGEST].splitlines())
    return list(dict.fromkeys(line for line in typed if line))


def _pairs(post: QueryDict, first: str, second: str) -> dict[str, str]:
    pairs = zip(post.getlist(first), post.getlist(second), strict=False)
    return {key.strip(): value.strip() for key, value in pairs if key.strip() and value.strip()}


def _of_pools(post: QueryDict, name: str) -> dict[str, dict[str, list[str]]]:
    columns = [post.getlist(f"{name}.{key}") for key in KEY_NAMES]
    found = {}
    for pool, *texts in zip(post.getlist(f"{name}.pool"), *columns, strict=False):
        keys = {key: _lines(text) for key, text in zip(KEY_NAMES, texts, strict=True)}
        if any(keys.values()):
            found[pool] = keys
    return found


def _move(reasons: list[str], at: int, what: str) -> None:
    one = reasons.pop(at)
    if what != "drop":
        reasons.insert(max(at + (-1 if what == "up" else 1), 0), one)


def _with_key(text: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """``text``: JSON of pool id ("" for all), policy, key."""
    try:
        pool, name, key = json.loads(text[:2_000])
    except (ValueError, RecursionError, TypeError):
        return wanted
    if not (isinstance(pool, str) and isinstance(key, str) and name in KEY_NAMES):
        return wanted
    if not pool and name in wanted:
        return {**wanted, name: list(dict.fromkeys([*wanted[name], key]))}
    pools = dict(wanted.get("pool_keys", {}))
    own = dict(pools.get(pool) or {one: [] for one in KEY_NAMES})
    own[name] = list(dict.fromkeys([*own[name], key]))
    return {**wanted, "pool_keys": {**pools, pool: own}} if "pool_keys" in wanted else wanted


_READERS: dict[Kind, Callable[[QueryDict, str], Any]] = {
    Kind.NUMBER: lambda post, name: _number(post.get(name, "")),
    Kind.KEYS: lambda post, name: _lines(post.get(name, "")),
    Kind.REASONS: _reasons,
    Kind.NAMES: lambda post, name: _pairs(post, f"{name}.id", f"{name}.name"),
    Kind.TYPES: lambda post, name: _pairs(post, f"{name}.pool", f"{name}.type"),
    Kind.POOL_KEYS: _of_pools,
    Kind.COUNTRY: lambda post, name: post.get(name, "").strip().upper(),
}
