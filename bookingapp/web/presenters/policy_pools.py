"""Where contacts stand: what the keys find among the newest leads, for all and per lead pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain import contact_finds
from bookingapp.domain.contact_finds import Found, Told
from bookingapp.domain.models import LeadPool, Organisation
from bookingapp.domain.policy import Policy, PoolKeys
from bookingapp.web.presenters.policy_names import Names, label
from bookingapp.web.presenters.policy_rows import key_act
from bookingapp.web.presenters.policy_words import POLICIES

MOST_POOLS = 20


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that could be added by a button of this value."""

    key: str
    leads: int
    act: str


@dataclass(frozen=True, slots=True)
class KeyField:
    name: str
    label: str
    text: str
    offered: list[Offered]


@dataclass(frozen=True, slots=True)
class PoolRow:
    connect_id: str
    name: str
    fields: list[KeyField]
    found: str
    has_own: bool


def spoken(found: Found) -> str:
    if not found.leads:
        return gettext("No leads known yet.")
    return gettext(
        "Of the last {leads} leads {name} have a name here, {phone} a phone, {email} an email."
    ).format(leads=found.leads, name=found.name, phone=found.phone, email=found.email)


def contacts(organisation: Organisation, policy: Policy, names: Names, own: Any) -> dict[str, Any]:
    """``found`` with the keys of the organisation, keys that could be added (``offered``, by
    policy), and the ``pools``. ``own``: the policy ``pool_keys`` in plain values, as typed.

    Leads of pools with keys of their own are read by these.
    """
    pools = _pools(organisation, own)
    told = {pool.connect_id: contact_finds.sample(organisation, pool) for pool in pools}
    usual = [one for pk, leads in told.items() if pk not in policy.pool_keys for one in leads]
    return {
        "found": spoken(contact_finds.count(usual, policy)),
        "offered": _offers("", usual, policy),
        "pools": [
            _row(policy, names, pool, own.get(pool.connect_id, {}), told[pool.connect_id])
            for pool in pools
        ],
    }


def _pools(organisation: Organisation, own: Any) -> list[LeadPool]:
    there = LeadPool.objects.filter(organisation=organisation)
    first = there.filter(gone_at=None).order_by("name", "pk")[:MOST_POOLS]
    return list({pool.pk: pool for pool in (*first, *there.filter(connect_id__in=own))}.values())


def _row(
    policy: Policy, names: Names, pool: LeadPool, own: Mapping[str, list[str]], told: list[Told]
) -> PoolRow:
    of_pool = policy.of_pool(pool)
    offers = _offers(pool.connect_id, told, of_pool)
    fields = [
        KeyField(name, str(POLICIES[name][0]), "\n".join(own.get(name, ())), offers.get(name, []))
        for name in PoolKeys.__struct_fields__
    ]
    found = spoken(contact_finds.count(told, of_pool))
    return PoolRow(pool.connect_id, label(names.pools, pool.connect_id), fields, found, bool(own))


def _offers(pool_id: str, told: list[Told], policy: Policy) -> dict[str, list[Offered]]:
    return {
        name: [Offered(key, leads, key_act(pool_id, name, key)) for key, leads in keys.items()]
        for name, keys in contact_finds.offered(told, policy).items()
    }
