"""What Connect told, written into our tables. What it no longer lists is marked gone, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from bookingapp.domain import lead_schema
from bookingapp.domain.catalogue import cleaning
from bookingapp.domain.catalogue.cleaning import Fields
from bookingapp.domain.catalogue.told import Told
from bookingapp.domain.models import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
    Resource,
)
from bookingapp.domain.models.catalogue import Remote
from bookingapp.domain.policy import policy_of

_Row = TypeVar("_Row", bound=Remote)
_BATCH = 500


class Writer:
    """One organisation's rows at one moment (UTC). ``changed`` tells whether anything differed."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self.organisation = organisation
        self.now = now
        self.changed = False

    def write(self, told: Told) -> None:
        """Call it in a transaction."""
        unit = policy_of(self.organisation.settings).length_unit
        calendars = self._sync(
            Calendar,
            {key: cleaning.calendar_fields(c) for key, c in cleaning.once(told.calendars).items()},
        )
        resources = self._sync(
            Resource,
            {key: cleaning.resource_fields(r) for key, r in cleaning.once(told.resources).items()},
        )
        types = self._sync(
            AppointmentType,
            {
                key: cleaning.type_fields(t, unit=unit)
                for key, t in cleaning.once(told.types).items()
            },
        )
        served = ((row.calendar_id, row.resource_id) for row in told.calendar_mappings)
        self._sync_pairs(Calendar.resources.through, "calendar_id", served, calendars, resources)
        done = ((row.appointment_type_id, row.resource_id) for row in told.type_mappings)
        self._sync_pairs(
            AppointmentType.resources.through, "appointmenttype_id", done, types, resources
        )
        self._sync_blockers(told, calendars, resources)
        self._sync_pools(told)

    def _sync(self, model: type[_Row], wanted: Mapping[str, Fields]) -> dict[str, int]:
        """Create, update, mark gone; the keys of the wanted rows by their id at Connect."""
        manager = model._default_manager
        known = {row.connect_id: row for row in manager.filter(organisation=self.organisation)}
        new = [
            model(organisation=self.organisation, connect_id=connect_id, **fields)
            for connect_id, fields in wanted.items()
            if connect_id not in known
        ]
        changed = [
            known[connect_id]
            for connect_id, fields in wanted.items()
            if connect_id in known and _change(known[connect_id], fields)
        ]
        gone = [row.pk for key, row in known.items() if key not in wanted and row.gone_at is None]
        created = manager.bulk_create(new, batch_size=_BATCH)
        if changed:
            names = {"gone_at", *next(iter(wanted.values()))}
            manager.bulk_update(changed, sorted(names), batch_size=_BATCH)
        for start in range(0, len(gone), _BATCH):
            manager.filter(pk__in=gone[start : start + _BATCH]).update(gone_at=self.now)
        self.changed |= bool(new or changed or gone)
        kept = [row for key, row in known.items() if key in wanted]
        return {row.connect_id: row.pk for row in (*kept, *created)}

    def _sync_pairs(
        self,
        through: type[Model],
        owner: str,
        told: Iterable[tuple[str, str]],
        owners: dict[str, int],
        resources: dict[str, int],
    ) -> None:
        wanted = {
            (owners[one], resources[other])
            for one, other in told
            if one in owners and other in resources
        }
        rows = through._default_manager.filter(resource__organisation=self.organisation)
        known = {
            (one, other): pk for pk, one, other in rows.values_list("pk", owner, "resource_id")
        }
        new = [through(**{owner: one, "resource_id": other}) for one, other in wanted - set(known)]
        through._default_manager.bulk_create(new, batch_size=_BATCH)
        gone = [pk for pair, pk in known.items() if pair not in wanted]
        for start in range(0, len(gone), _BATCH):
            rows.filter(pk__in=gone[start : start + _BATCH]).delete()
        self.changed |= bool(new or gone)

    def _sync_blockers(
        self, told: Told, calendars: dict[str, int], resources: dict[str, int]
    ) -> None:
        # Latest first, so that it is the past that is cut off where there are too many.
        usable = [item for item in told.blockers if item.blocker.ends_at]
        usable.sort(key=lambda item: item.blocker.ends_at or self.now, reverse=True)
        by_id = {item.blocker.id: item for item in usable}
        wanted: dict[str, Fields] = {}
        for connect_id in cleaning.once(item.blocker for item in usable):
            fields = cleaning.blocker_fields(by_id[connect_id], calendars, resources)
            if fields:
                wanted[connect_id] = fields
        self._sync(Blocker, wanted)

    def _sync_pools(self, told: Told) -> None:
        pools = cleaning.once(told.pools)
        ordered = {key: cleaning.ordered(pool.lead_states) for key, pool in pools.items()}
        # States are the organisation's own; pools only show some of them (contract section 5.1).
        states = cleaning.once(state for listed in ordered.values() for state in listed)
        state_pks = self._sync(
            LeadState, {key: cleaning.state_fields(state) for key, state in states.items()}
        )
        pool_pks = self._sync(
            LeadPool, {key: cleaning.pool_fields(pool) for key, pool in pools.items()}
        )
        for key, pool in pools.items():
            lead_schema.learn(self.organisation, key, lead_schema.told_by_table(pool.extra))
        wanted = {
            (pool_pks[key], state_pks[state.id], position, state.default)
            for key, listed in ordered.items()
            for position, state in enumerate(listed)
            if state.id in state_pks
        }
        self._replace_pool_states(wanted)

    def _replace_pool_states(self, wanted: set[tuple[int, int, int, bool]]) -> None:
        rows = PoolState.objects.filter(pool__organisation=self.organisation)
        names = ("pool_id", "state_id", "position", "default")
        if set(rows.values_list(*names)) == wanted:
            return
        rows.delete()
        PoolState.objects.bulk_create(
            [PoolState(**dict(zip(names, row, strict=True))) for row in wanted], batch_size=_BATCH
        )
        self.changed = True


def _change(row: Remote, fields: Fields) -> bool:
    """Set the fields; whether any of them differed. A row listed again is no longer gone."""
    differs = row.gone_at is not None
    row.gone_at = None
    for name, value in fields.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            differs = True
    return differs
