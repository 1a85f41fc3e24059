"""An organisation's catalogue in one piece, kept by each process until its version moves on."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import models
from bookingapp.domain.catalogue.items import (
    AppointmentType,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    Pairs,
    Resource,
    Snapshot,
)
from bookingapp.domain.catalogue.refreshing import refresh
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Organisation
from bookingapp.domain.problems import problem_of

FAILURE_SECONDS = 10

_kept: dict[UUID, Snapshot] = {}
_locks: defaultdict[UUID, threading.Lock] = defaultdict(threading.Lock)


def snapshot(organisation: Organisation, *, now: datetime | None = None) -> Snapshot:
    """What the organisation offers, without a query while its ``catalogue_version`` stands.

    Only an organisation whose catalogue was never read waits for Connect. When that fails, the
    snapshot is empty, ``is_known`` is False and ``problem`` says why. Raises nothing of Connect's.
    """
    kept = _kept.get(organisation.pk)
    if organisation.catalogue_at is None:
        return _first(organisation, now or timezone.now())
    if kept is None or kept.version != organisation.catalogue_version:
        # One thread reads; the others would only read the same.
        with _locks[organisation.pk]:
            kept = _kept.get(organisation.pk)
            if kept is None or kept.version != organisation.catalogue_version:
                kept = _kept[organisation.pk] = _load(organisation)
    return kept


def _first(organisation: Organisation, now: datetime) -> Snapshot:
    lock = _locks[organisation.pk]
    if not lock.acquire(timeout=settings.AVAILABILITY_PATIENCE):
        return Snapshot(organisation.catalogue_version, is_known=False, problem="waiting")
    try:
        organisation.refresh_from_db(fields=["catalogue_at", "catalogue_version"])
        problem = "" if organisation.catalogue_at else _try_first(organisation, now)
    finally:
        lock.release()
    if problem:
        return Snapshot(organisation.catalogue_version, is_known=False, problem=problem)
    return snapshot(organisation, now=now)


def _try_first(organisation: Organisation, now: datetime) -> str:
    """Read it; the problem if that fails. Everybody behind us learns it without asking again."""
    key = f"catalogue:failed:{organisation.pk}"
    failed = cache.get(key)
    if failed:
        return str(failed)
    try:
        refresh(organisation, now=now)
    except (connect.ConnectError, NoToken) as error:
        cache.set(key, problem_of(error), FAILURE_SECONDS)
        return problem_of(error)
    return ""


def _load(organisation: Organisation) -> Snapshot:
    mine: dict[str, Any] = {"organisation": organisation, "gone_at": None}
    return Snapshot(
        version=organisation.catalogue_version,
        calendars=_by_name(
            Calendar(row.pk, row.connect_id, row.name or row.connect_id, row.zone)
            for row in models.Calendar.objects.filter(**mine)
        ),
        resources=_by_name(
            Resource(row.pk, row.connect_id, row.name or row.connect_id, row.colour, row.capacity)
            for row in models.Resource.objects.filter(**mine)
        ),
        types=_by_name(_type(row) for row in models.AppointmentType.objects.filter(**mine)),
        pools=_by_name(_pools(mine)),
        blockers=_blockers(mine),
        resources_of_calendars=_pairs(models.Calendar, organisation),
        resources_of_types=_pairs(models.AppointmentType, organisation),
        hidden_calendars=_hidden(organisation, "hidden_calendars"),
        hidden_pools=_hidden(organisation, "hidden_pools"),
    )


def _hidden(organisation: Organisation, name: str) -> frozenset[str]:
    kept = organisation.settings.get(name, ())
    return frozenset(kept) if isinstance(kept, list) else frozenset()


def _type(row: models.AppointmentType) -> AppointmentType:
    return AppointmentType(
        row.pk,
        row.connect_id,
        row.name or row.connect_id,
        row.length_minutes,
        row.search_minutes,
        row.buffer_minutes,
    )


def _pools(mine: dict[str, Any]) -> Iterable[LeadPool]:
    rows = models.LeadPool.objects.filter(**mine).prefetch_related("pool_states__state")
    for row in rows:
        listed = [(pool_state, _state(pool_state.state)) for pool_state in row.pool_states.all()]
        # Several defaults: the first counts. None: a person has to say (contract section 5.1).
        default = next((state for pool_state, state in listed if pool_state.default), None)
        states = tuple(state for _, state in listed)
        yield LeadPool(row.pk, row.connect_id, row.name or row.connect_id, states, default)


def _state(row: models.LeadState) -> LeadState:
    return LeadState(row.pk, row.connect_id, row.name or row.connect_id, row.colour, row.category)


def _blockers(mine: dict[str, Any]) -> tuple[Blocker, ...]:
    return tuple(
        Blocker(row.pk, row.name, row.starts_at, row.ends_at, row.calendar_id, row.resource_id)
        for row in models.Blocker.objects.filter(**mine).order_by("starts_at", "pk")
    )


def _pairs(
    owner: type[models.Calendar | models.AppointmentType], organisation: Organisation
) -> Pairs:
    rows = owner._default_manager.filter(organisation=organisation, resources__isnull=False)
    return frozenset(rows.values_list("pk", "resources__pk"))


def _by_name(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda item: (item.name.casefold(), item.pk)))
