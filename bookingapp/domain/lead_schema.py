"""What Connect says of the keys of a pool's leads: learnt from its answers, used to check edits.

It comes with the answers to bookings (``tableSchemaFields``, contract 5.3). All of it is hostile
until cleaned, and most of it is inferred by Connect: a value is only refused where every reading of
the descriptor refuses it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bookingapp.domain.models import LeadPool, Organisation
from bookingapp.domain.policy import Policy

MOST_KEYS = 300
LONGEST_KEY = 200
_LONGEST = {"friendlyName": 200, "type": 40, "specialType": 40, "description": 500, "pattern": 300}
_TRUTHS = ("isDeprecated", "primaryOfSpecialType", "hidden", "converted")
# Where a table's own answer may carry its schema; it is documented for bookings alone.
_IN_TABLES = ("tableSchemaFields", "schemaFields", "schema")

NUMBERS = frozenset({"number", "integer", "int", "float", "decimal"})
TRUTHS = frozenset({"boolean", "bool", "checkbox"})
NESTED = frozenset({"object", "array", "list", "json", "record"})


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One key: ``special`` is phone, email, date, url, currency, percentage, a name, or "".

    ``least`` and ``most`` are None where nothing is said.
    """

    key: str
    label: str = ""
    type: str = ""
    special: str = ""
    description: str = ""
    pattern: str = ""
    is_required: bool = False
    is_hidden: bool = False
    is_deprecated: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def shape(self) -> str:
        """What its values are made of, where there is none yet: text, number, truth or nested."""
        kinds = {"number": NUMBERS, "truth": TRUTHS, "nested": NESTED}
        return next((name for name, types in kinds.items() if self.type.lower() in types), "text")


def learn(organisation: Organisation, pool_id: str, told: Any) -> None:
    """Keep what an answer says of the pool with this id at Connect; nonsense changes nothing."""
    fields = cleaned(told)
    if not fields:
        return
    pool = LeadPool.objects.filter(organisation=organisation, connect_id=pool_id).first()
    if pool is None:
        return
    schema = dict(list((pool.schema | fields).items())[:MOST_KEYS])
    if schema != pool.schema:
        LeadPool.objects.filter(pk=pool.pk).update(schema=schema)


def told_by_table(extra: Mapping[str, Any]) -> Any:
    """The part of a table's answer that may describe its keys, or None."""
    return next((extra[name] for name in _IN_TABLES if isinstance(extra.get(name), Mapping)), None)


def cleaned(told: Any) -> dict[str, dict[str, Any]]:
    """Of ``tableSchemaFields`` what we understand, in Connect's names, bounded."""
    if not isinstance(told, Mapping):
        return {}
    known: dict[str, dict[str, Any]] = {}
    for key, field in list(told.items())[:MOST_KEYS]:
        if isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and isinstance(field, Mapping):
            known[_text(key)] = _descriptor(field)
    return known


def descriptors(pool: LeadPool | None) -> dict[str, Descriptor]:
    """By key. Whatever stands in the row is read as if Connect had just said it."""
    told = cleaned(pool.schema) if pool is not None else {}
    return {key: _read(key, field) for key, field in told.items()}


def of_contact(key: str, policy: Policy) -> Descriptor:
    """Of a key that Connect says nothing of, what the organisation's policy says."""
    kinds = {
        "phone": policy.phone_keys,
        "email": policy.email_keys,
        "name": (*policy.name_keys, *policy.first_name_keys, *policy.last_name_keys),
    }
    special = next((kind for kind, keys in kinds.items() if key in keys), "")
    return Descriptor(key, special=special)


def _descriptor(field: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, longest in _LONGEST.items():
        value = field.get(name)
        if name != "pattern" and isinstance(value, str) and value.strip():
            kept[name] = _text(value)[:longest]
    kept |= {name: True for name in _TRUTHS if field.get(name) is True}
    validation = field.get("validation")
    if isinstance(validation, Mapping) and (rules := _rules(validation)):
        kept["validation"] = rules
    return kept


def _rules(validation: Mapping[str, Any]) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    pattern = validation.get("pattern")
    # Half a pattern is another pattern: one that is too long is none.
    if isinstance(pattern, str) and 0 < len(pattern) <= _LONGEST["pattern"]:
        rules["pattern"] = _text(pattern)
    if validation.get("required") is True:
        rules["required"] = True
    for name in ("min", "max"):
        value = validation.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and _is_sane(value):
            rules[name] = value
    return rules


def _is_sane(value: float) -> bool:
    return math.isfinite(value) and abs(value) < 2**53


def _read(key: str, field: Mapping[str, Any]) -> Descriptor:
    rules = field.get("validation", {})
    return Descriptor(
        key,
        label=field.get("friendlyName", ""),
        type=field.get("type", ""),
        special=field.get("specialType", ""),
        description=field.get("description", ""),
        pattern=rules.get("pattern", ""),
        is_required=rules.get("required", False),
        is_hidden=field.get("hidden", False),
        is_deprecated=field.get("isDeprecated", False) or field.get("converted", False),
        least=rules.get("min"),
        most=rules.get("max"),
    )


def _text(value: str) -> str:
    """Without what a database refuses: NUL, half a character."""
    return value.replace("\0", "").encode(errors="replace").decode()
