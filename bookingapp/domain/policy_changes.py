"""Changing policies: a section at a time, only what differs from the default, never silently over
what another admin has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import audit, rereading, token_expiry
from bookingapp.domain.catalogue.refreshing import STALE_AFTER
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Organisation
from bookingapp.domain.policy import policy_of
from bookingapp.domain.policy_book import DEFAULTS, plain
from bookingapp.domain.policy_checks import problems

# Whatever a lead is found under is made of these.
OF_CONTACTS = frozenset(
    {
        "name_keys", "first_name_keys", "last_name_keys", "phone_keys", "email_keys", "pool_keys",
        "country",
    }
)  # fmt: skip


class ChangedMeanwhile(DomainError):
    """Somebody else changed the same policies after the page was shown; nothing was saved.

    ``present``: policy to its value now.
    """

    code = "changed_meanwhile"

    def __init__(self, present: dict[str, Any]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(sorted(present))}")
        self.present = present


def present(organisation: Organisation) -> dict[str, Any]:
    """Every policy as it is, in plain values."""
    return plain(policy_of(organisation.settings))


@transaction.atomic
def change(
    organisation: Organisation,
    wanted: Mapping[str, Any],
    seen: Mapping[str, Any],
    *,
    person: Any,
    now: datetime,
) -> tuple[str, ...]:
    """Make the policies as ``wanted`` (plain values) where that is not what the page has shown
    (``seen``); the names of those that changed.

    Raises Invalid (a code per policy), or ChangedMeanwhile; then nothing is saved.
    """
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = present(row)
    asked = {name: value for name, value in wanted.items() if value != seen.get(name)}
    if wrong := problems(row, asked, policy_of(row.settings)):
        raise Invalid(wrong)
    passed = {
        name: before[name]
        for name, value in asked.items()
        if before[name] not in (seen.get(name), value)
    }
    if passed:
        raise ChangedMeanwhile(passed)
    changed = {name: value for name, value in asked.items() if value != before[name]}
    if changed:
        _save(row, changed, before, person=person, now=now)
    organisation.settings = row.settings
    return tuple(changed)


def _save(
    row: Organisation,
    changed: Mapping[str, Any],
    before: Mapping[str, Any],
    *,
    person: Any,
    now: datetime,
) -> None:
    kept = {**row.settings, **changed}
    row.settings = {name: value for name, value in kept.items() if value != DEFAULTS[name]}
    fields = ["settings"]
    if "length_unit" in changed:
        # Lengths are kept in minutes: they have to be read again by the new unit.
        row.catalogue_at = now - 2 * STALE_AFTER
        fields.append("catalogue_at")
    row.save(update_fields=fields)
    if OF_CONTACTS & changed.keys():
        rereading.ask(row, now=now)
    if "expiry_warning_days" in changed:
        token_expiry.forget(row)
    audit.record(
        "policies.changed",
        at=now,
        organisation=row,
        person=person,
        details={"policies": sorted(changed)},
        before={name: before[name] for name in changed},
        after=dict(changed),
    )
