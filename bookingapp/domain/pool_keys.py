"""Which keys the leads of a pool have in their data and custom fields, as far as we were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from bookingapp.domain import lead_filter, lead_schema
from bookingapp.domain.models import LeadPool, Organisation
from bookingapp.domain.policy import policy_of

# The newest leads tell; reading all 50,000 for a list of keys would take seconds.
SAMPLE = 300
MOST = 200
LONGEST = 200
# Seconds that a new key may be missing among those to choose from.
AGE = 60


@dataclass(frozen=True, slots=True)
class Keys:
    """Key or custom field id to what people call it, in the order of the schema, then by name."""

    data: dict[str, str]
    custom: dict[str, str]


def known(organisation: Organisation, pool: LeadPool | None) -> Keys:
    """One query a minute."""
    kept = f"pool-keys:{organisation.pk}:{pool.pk if pool else 0}:{organisation.catalogue_version}"
    found: Keys | None = cache.get(kept)
    if found is None:
        found = _read(organisation, pool)
        cache.set(kept, found, AGE)
    return found


def _read(organisation: Organisation, pool: LeadPool | None) -> Keys:
    policy = policy_of(organisation.settings)
    leads = lead_filter.in_pool(organisation, pool.pk if pool else None)
    newest = leads.order_by("-created_at", "-id").values_list("pk")[:SAMPLE]
    rows = leads.filter(pk__in=list(newest.values_list("pk", flat=True)))
    told = list(rows.values_list("data", "custom_field_data"))
    fields = lead_schema.descriptors(pool).values()
    data = {one.key: one.label or one.key for one in fields if not one.is_hidden}
    data |= {key: key for key in _seen(one for one, _custom in told) if key not in data}
    data.pop(policy.intent_key, None)
    custom = dict(policy.custom_field_names)
    custom |= {key: key for key in _seen(one for _data, one in told) if key not in custom}
    return Keys(_bounded(data), _bounded(custom))


def _seen(told: Iterable[Any]) -> list[str]:
    found = {key for one in told if isinstance(one, dict) for key in one}
    return sorted(key for key in found if isinstance(key, str) and 0 < len(key) <= LONGEST)


def _bounded(keys: dict[str, str]) -> dict[str, str]:
    return dict(list(keys.items())[:MOST])
