"""All policies in the order in which an admin reads them, and what kind of value each has. Pure.

Bounds, choices and defaults are read off ``Policy`` itself, so that they cannot drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from bookingapp.domain.policy import Policy


class Kind(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    KEYS = "keys"  # keys of a lead's data, the first one filled counts
    REASONS = "reasons"
    STATE = "state"  # a lead state, or none
    STATES = "states"
    FIELD = "field"  # a custom field of leads, or none
    NAMES = "names"  # custom field to name
    TYPES = "types"  # lead pool to appointment type
    POOL_KEYS = "pool_keys"
    COUNTRY = "country"
    CALENDARS = "calendars"
    POOLS = "pools"


@dataclass(frozen=True, slots=True)
class Section:
    """Saved as one. ``is_elsewhere``: only read here, they are changed on a page of their own."""

    name: str
    policies: tuple[str, ...]
    is_elsewhere: bool = False


SECTIONS = (
    Section("booking", ("booking_attempts", "anyone", "nearby", "nearby_minutes", "later_limit")),
    Section("moving", ("reschedule_order", "transient_state")),
    Section("cancelling", ("cancel_reasons", "cancel_state")),
    Section(
        "contacts",
        ("name_keys", "first_name_keys", "last_name_keys", "phone_keys", "email_keys", "pool_keys"),
    ),
    Section(
        "leads",
        (
            "lead_link_field", "intent_key", "lead_after_500", "person_field",
            "custom_field_names", "usual_types", "protected_states",
        ),
    ),
    Section("used", ("hidden_calendars", "hidden_pools"), is_elsewhere=True),
    Section("units", ("length_unit", "country")),
    Section("security", ("second_factor", "expiry_warning_days")),
    Section(
        "keeping",
        (
            "keep_leads_days", "keep_writes_days", "keep_imports_days", "keep_deliveries_days",
            "keep_audit_values_days",
        ),
    ),
)  # fmt: skip
_OWN_KINDS = {
    "cancel_reasons": Kind.REASONS,
    "transient_state": Kind.STATE,
    "cancel_state": Kind.STATE,
    "protected_states": Kind.STATES,
    "person_field": Kind.FIELD,
    "custom_field_names": Kind.NAMES,
    "usual_types": Kind.TYPES,
    "pool_keys": Kind.POOL_KEYS,
    "country": Kind.COUNTRY,
    "hidden_calendars": Kind.CALENDARS,
    "hidden_pools": Kind.POOLS,
}
_TYPES: dict[str, Any] = {
    field.name: field.type
    for field in msgspec.inspect.type_info(Policy).fields  # type: ignore[attr-defined]
}


def plain(policy: Policy) -> dict[str, Any]:
    """Every policy in values as JSON has them: what is stored, sent by a form, compared."""
    known: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(policy))
    return known


DEFAULTS = plain(Policy())


def section(name: str) -> Section | None:
    """One that can be changed here."""
    return next((one for one in SECTIONS if one.name == name and not one.is_elsewhere), None)


def kind_of(name: str) -> Kind:
    by_type: dict[Any, Kind] = {
        msgspec.inspect.IntType: Kind.NUMBER,
        msgspec.inspect.LiteralType: Kind.CHOICE,
        msgspec.inspect.VarTupleType: Kind.KEYS,
        msgspec.inspect.StrType: Kind.TEXT,
    }
    return _OWN_KINDS.get(name) or by_type[type(_TYPES[name])]


def choices_of(name: str) -> tuple[str, ...]:
    """In the order in which ``Policy`` names them."""
    found = msgspec.json.schema(Policy)["$defs"]["Policy"]["properties"][name]["enum"]
    default = DEFAULTS[name]
    return (default, *(one for one in found if one != default))


def bounds_of(name: str) -> tuple[int, int]:
    """The least and the most of a number."""
    known = _TYPES[name]
    return known.ge, known.le
