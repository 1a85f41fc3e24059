"""What else a new lead of a pool can be given: the keys that its pool and the policy know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bookingapp.domain import lead_check, lead_schema, lead_values
from bookingapp.domain.lead_schema import Descriptor
from bookingapp.domain.lead_values import NESTED, TEXT, Unreadable
from bookingapp.domain.models import Lead, LeadPool, Organisation
from bookingapp.domain.policy import Policy, policy_of

DATA, CUSTOM = "data", "custom"
MOST = 30
# Where Connect has not described the pool, the keys of so many of its newest leads are offered.
NEWEST, MOST_SEEN = 30, 8


@dataclass(frozen=True, slots=True)
class Field:
    """A key of ``data``, or (place "custom") the id of a custom field."""

    place: str
    about: Descriptor

    @property
    def name(self) -> str:
        """As a form sends it."""
        return f"{self.place}:{self.about.key}"


def known(organisation: Organisation, pool_pk: int) -> list[Field]:
    """The required ones first; without the contact, which every new lead is asked for."""
    pool = LeadPool.objects.filter(organisation=organisation, pk=pool_pk).first()
    if pool is None:
        return []
    policy = policy_of(organisation.settings).of_pool(pool)
    told = lead_schema.descriptors(pool).values()
    usual = [one for one in told if _is_asked(one, policy)] or _seen(pool, policy)
    fields = [Field(DATA, one) for one in sorted(usual, key=lambda one: not one.is_required)]
    named = policy.custom_field_names.items()
    fields += [Field(CUSTOM, Descriptor(key, label=name)) for key, name in named]
    return fields[:MOST]


def read(field: Field, text: str, *, country: str) -> Any:
    """The value that was typed, None for nothing. Raises Unreadable: ``code`` says why not."""
    value = lead_values.read(text, field.about.shape, None)
    if found := lead_check.problem(field.about, value, country=country):
        raise Unreadable(found.code)
    return value


def _is_asked(field: Descriptor, policy: Policy) -> bool:
    if field.is_hidden or field.is_deprecated or field.shape == NESTED:
        return False
    return field.key not in _own(policy)


def _seen(pool: LeadPool, policy: Policy) -> list[Descriptor]:
    """Keys with a short text in the newest leads, the most frequent first."""
    newest = Lead.objects.filter(pool=pool, never_created=False).order_by("-created_at")
    counted = Counter(
        key
        for data in newest.values_list("data", flat=True)[:NEWEST]
        for key, value in data.items()
        if isinstance(value, str) and key not in _own(policy)
    )
    keys = [key for key, _ in counted.most_common(MOST_SEEN)]
    return [Descriptor(key, type=TEXT) for key in keys if len(key) <= lead_schema.LONGEST_KEY]


def _own(policy: Policy) -> set[str]:
    """Asked for in their own fields, or nobody's business: our key."""
    contact = (policy.name_keys, policy.phone_keys, policy.email_keys)
    names = (policy.first_name_keys, policy.last_name_keys)
    return {key for keys in (*contact, *names) for key in keys} | {policy.intent_key}
