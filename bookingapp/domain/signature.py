"""Who created or changed a lead, into a custom field of it: RocketLead records no person for calls
by token. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bookingapp.domain.policy import Policy

LONGEST = 200


def of(person: Any, policy: Policy) -> dict[str, str]:
    """The custom field (policy ``person_field``) and the name for it; {} for neither."""
    name = str(person.get_full_name() or person.get_username())[:LONGEST] if person else ""
    return {policy.person_field: name} if policy.person_field and name else {}


def signed(
    changes: Mapping[str, Any], person: Any, policy: Policy, known: Mapping[str, Any]
) -> dict[str, Any]:
    """``changes`` (a merge patch by our names) with the signature, where ``known`` (the lead's
    custom fields) has another. What somebody typed into that very field gives way: it says who
    changed the lead last.
    """
    mine = {key: name for key, name in of(person, policy).items() if known.get(key) != name}
    fields = {**(changes.get("custom_field_data") or {})}
    for key in of(person, policy):
        fields.pop(key, None)
    both = fields | mine
    rest = {member: value for member, value in changes.items() if member != "custom_field_data"}
    return {**rest, "custom_field_data": both} if both else rest
