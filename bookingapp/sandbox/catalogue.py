"""What rarely changes in an organisation, read once and kept until the next reset."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection

from bookingapp.sandbox.models import (
    AppointmentType,
    Blocker,
    Calendar,
    CustomField,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
    Resource,
    ResourceCalendar,
    ResourceSlot,
    TypeResource,
)


@dataclass
class Catalogue:
    """All of one organisation's set-up, by id."""

    organisation: Organisation
    calendars: dict[str, Calendar]
    resources: dict[str, Resource]
    types: dict[str, AppointmentType]
    slots: dict[str, ResourceSlot]
    blockers: list[Blocker]
    calendar_rows: list[ResourceCalendar]
    type_rows: list[TypeResource]
    pools: dict[str, LeadPool]
    states: dict[str, LeadState]
    fields: dict[str, CustomField]
    pool_states: dict[str, list[PoolState]]
    slots_of: dict[str, list[ResourceSlot]] = field(init=False)

    def __post_init__(self) -> None:
        """Slots by calendar, only those whose resource is mapped to that calendar."""
        mapped = {(row.calendar_id, row.resource_id) for row in self.calendar_rows}
        self.slots_of = defaultdict(list)
        for slot in self.slots.values():
            if (slot.calendar_id, slot.resource_id) in mapped:
                self.slots_of[slot.calendar_id].append(slot)

    def resources_for(self, type_id: str) -> set[str]:
        return {row.resource_id for row in self.type_rows if row.appointment_type_id == type_id}

    def custom_field(self, key: str) -> str | None:
        """The id of the custom field with that key, "email" or "phone" for instance."""
        return next((one.id for one in self.fields.values() if one.key == key), None)


_kept: dict[str, tuple[int, Catalogue]] = {}


def of(organisation_id: str) -> Catalogue:
    """The organisation's catalogue, as of the last reset."""
    revision = _revision()
    kept = _kept.get(organisation_id)
    if kept is None or kept[0] != revision:
        kept = _kept[organisation_id] = (revision, _read(organisation_id))
    return kept[1]


def _revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision FROM sandbox_world")
        return int(cursor.fetchone()[0])


def _read(organisation_id: str) -> Catalogue:
    mine = {"organisation_id": organisation_id}
    pool_states: dict[str, list[PoolState]] = defaultdict(list)
    rows = PoolState.objects.filter(pool__organisation_id=organisation_id)
    for row in rows.select_related("state").order_by("position"):
        pool_states[row.pool_id].append(row)
    return Catalogue(
        organisation=Organisation.objects.get(pk=organisation_id),
        calendars={one.id: one for one in Calendar.objects.filter(**mine).order_by("name")},
        resources={one.id: one for one in Resource.objects.filter(**mine).order_by("position")},
        types={one.id: one for one in AppointmentType.objects.filter(**mine).order_by("name")},
        slots={one.id: one for one in ResourceSlot.objects.filter(**mine).order_by("id")},
        blockers=list(Blocker.objects.filter(**mine).order_by("starts_at", "id")),
        calendar_rows=list(ResourceCalendar.objects.filter(**mine).order_by("id")),
        type_rows=list(TypeResource.objects.filter(**mine).order_by("id")),
        pools={one.id: one for one in LeadPool.objects.filter(**mine).order_by("name")},
        states={one.id: one for one in LeadState.objects.filter(**mine).order_by("id")},
        fields={one.id: one for one in CustomField.objects.filter(**mine).order_by("id")},
        pool_states=dict(pool_states),
    )
