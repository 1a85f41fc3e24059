"""Names for the ids that policies hold: lead states, pools, types, custom fields; gone ones too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain import pool_keys
from bookingapp.domain.models import AppointmentType, Calendar, LeadPool, LeadState, Organisation
from bookingapp.domain.policy import policy_of


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Names:
    organisation: Organisation

    @cached_property
    def states(self) -> dict[str, Option]:
        return self._rows(LeadState)

    @cached_property
    def pools(self) -> dict[str, Option]:
        return self._rows(LeadPool)

    @cached_property
    def calendars(self) -> dict[str, Option]:
        return self._rows(Calendar)

    @cached_property
    def types(self) -> dict[str, Option]:
        return self._rows(AppointmentType)

    @cached_property
    def fields(self) -> dict[str, Option]:
        # Those named a moment ago are among them at once.
        named = policy_of(self.organisation.settings).custom_field_names
        known = pool_keys.known(self.organisation, None).custom | named
        return {key: Option(key, name) for key, name in known.items()}

    def _rows(self, model: Any) -> dict[str, Option]:
        rows = model.objects.filter(organisation=self.organisation).order_by("name", "pk")
        return {
            row.connect_id: Option(
                row.connect_id, row.name or row.connect_id, is_gone=bool(row.gone_at)
            )
            for row in rows
        }


def label(known: dict[str, Option], value: str) -> str:
    """The name; an id that nobody knows as it is. What is gone says so."""
    found = known.get(value)
    if found is None:
        return gettext("{id} (not known here)").format(id=value)
    return gettext("{name} (gone)").format(name=found.label) if found.is_gone else found.label


def options(known: dict[str, Option], chosen: Iterable[str]) -> list[Option]:
    """Those that are there, and of the others only what is chosen."""
    wanted = list(chosen)
    offered = [key for key, one in known.items() if not one.is_gone or key in wanted]
    strangers = [key for key in wanted if key and key not in known]
    return [
        Option(key, label(known, key), key in wanted, key not in known or known[key].is_gone)
        for key in (*offered, *strangers)
    ]
