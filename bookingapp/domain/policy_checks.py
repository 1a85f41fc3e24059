"""What of wanted policies cannot be: a code at each, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import phonenumbers

from bookingapp.domain import pool_keys
from bookingapp.domain.models import AppointmentType, LeadPool, LeadState, Organisation
from bookingapp.domain.policy import Policy
from bookingapp.domain.policy_book import Kind, kind_of, plain

MUST_HAVE = frozenset({"phone_keys", "email_keys", "cancel_reasons"})


def problems(
    organisation: Organisation, wanted: Mapping[str, Any], present: Policy
) -> dict[str, str]:
    """Policy to code. What is as it was is not complained of, even where it is gone by now."""
    found = dict(_by_type(wanted))
    known = {name: value for name, value in wanted.items() if name not in found}
    before = plain(present)
    changed = {name: value for name, value in known.items() if value != before[name]}
    found |= dict(_by_rule(changed, {**before, **known}))
    found |= dict(_by_id(organisation, changed, before))
    field = changed.get("person_field")
    # RocketLead refuses every lead with a custom field that it does not know.
    named = {**before, **known}["custom_field_names"]
    if field and field not in {**named, **pool_keys.known(organisation, None).custom}:
        found["person_field"] = "unknown_field"
    return found


def _by_type(wanted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in wanted.items():
        try:
            msgspec.convert({name: value}, Policy)
        except msgspec.ValidationError:
            yield name, str(kind_of(name))


def _by_rule(
    changed: Mapping[str, Any], all_of_them: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for name in MUST_HAVE & changed.keys():
        if not changed[name]:
            yield name, "needs_one"
    if "country" in changed and changed["country"] not in phonenumbers.SUPPORTED_REGIONS:
        yield "country", "country"
    parts = ("first_name_keys", "last_name_keys")
    if not all_of_them["name_keys"] and not all(all_of_them[name] for name in parts):
        yield "name_keys", "needs_name"
    contact = [key for name in (*parts, "name_keys", *MUST_HAVE) for key in all_of_them[name]]
    if changed.get("intent_key") and changed["intent_key"] in contact:
        yield "intent_key", "is_contact_key"


def _by_id(
    organisation: Organisation, changed: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Ids that nobody has heard of; those that are gone by now may stay where they were."""
    for name, value in changed.items():
        if not all(
            _all_known(model, organisation, ids) for model, ids in _ids(name, value, before)
        ):
            yield name, "unknown"


def _ids(name: str, value: Any, before: Mapping[str, Any]) -> Iterator[tuple[Any, set[str]]]:
    """Model and ids at Connect of what is new in ``value``."""
    match kind_of(name):
        case Kind.STATE:
            yield LeadState, {value} - {""}
        case Kind.STATES:
            yield LeadState, set(value) - set(before[name])
        case Kind.TYPES:
            new = {key: one for key, one in value.items() if before[name].get(key) != one}
            yield LeadPool, set(new)
            yield AppointmentType, set(new.values())
        case Kind.POOL_KEYS:
            yield LeadPool, set(value) - set(before[name])


def _all_known(model: Any, organisation: Organisation, ids: set[str]) -> bool:
    rows = model.objects.filter(organisation=organisation, connect_id__in=ids)
    return not ids or rows.count() == len(ids)
