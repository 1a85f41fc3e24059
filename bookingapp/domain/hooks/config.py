"""How an organisation's flows and forms are read: what the admin set, over the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookingapp.domain import audit
from bookingapp.domain.errors import Invalid
from bookingapp.domain.hooks import fields
from bookingapp.domain.models import HookSettings, LeadPool, Organisation
from bookingapp.domain.policy import Policy, policy_of

MOST_FORMS = 100


def settings_of(organisation: Organisation) -> HookSettings:
    """Unsaved where nobody has set anything yet."""
    known = HookSettings.objects.filter(organisation=organisation).select_related("default_pool")
    return known.first() or HookSettings(organisation=organisation)


def paths(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    return fields.paths_of(settings_of(organisation).paths)


def policy(organisation: Organisation) -> Policy:
    return policy_of(organisation.settings)


def set_paths(
    organisation: Organisation, typed: Mapping[str, str], *, person: Any, now: datetime
) -> None:
    """One text a field; an empty one means the default. Raises Invalid (codes by field)."""
    changed = fields.changed_from(typed)
    _save(organisation, {"paths": changed}, person=person, now=now)


def set_forms(
    organisation: Organisation,
    forms: Mapping[str, int | None],
    default_pool: int | None,
    *,
    person: Any,
    now: datetime,
) -> None:
    """Connect's form id to one of our pools (its key here; None forgets the form), and the pool of
    all other forms. Raises Invalid for a pool that is not here.
    """
    pools = {pool.pk: pool for pool in LeadPool.objects.filter(organisation=organisation)}
    wanted = {form.strip()[:200]: pk for form, pk in forms.items() if form.strip() and pk}
    if len(wanted) > MOST_FORMS:
        raise Invalid({"forms": "too_many_forms"})
    if any(pk not in pools for pk in (*wanted.values(), default_pool) if pk is not None):
        raise Invalid({"pool": "required"})
    named = {form: pools[pk].connect_id for form, pk in wanted.items()}
    default = pools[default_pool] if default_pool else None
    changes = {"forms": named, "default_pool": default}
    _save(organisation, changes, person=person, now=now)


def pool_for_form(organisation: Organisation, form_id: str) -> LeadPool | None:
    known = settings_of(organisation)
    connect_id = known.forms.get(form_id)
    if connect_id:
        pools = LeadPool.objects.filter(organisation=organisation, connect_id=connect_id)
        return pools.first() or known.default_pool
    return known.default_pool


def _save(
    organisation: Organisation, changes: Mapping[str, Any], *, person: Any, now: datetime
) -> None:
    HookSettings.objects.update_or_create(organisation=organisation, defaults=dict(changes))
    audit.record(
        "hooks.changed",
        organisation=organisation,
        at=now,
        person=person,
        details={"what": sorted(changes)},
    )
