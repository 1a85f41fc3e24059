"""The lead pool of an address, gone or not; 0 stands for the leads without a pool."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext

from bookingapp.domain import lead_filter
from bookingapp.domain.booking_filter import offered
from bookingapp.domain.catalogue.items import LeadState
from bookingapp.domain.models import Lead, LeadPool
from bookingapp.web.http import StaffRequest

NO_POOL = 0


@dataclass(frozen=True, slots=True)
class Here:
    """``pool`` is None for the leads without one; ``states`` those that Connect offers in it."""

    pk: int
    name: str
    pool: LeadPool | None
    states: tuple[LeadState, ...]
    leads: QuerySet[Lead]

    @property
    def is_gone(self) -> bool:
        return self.pool is not None and self.pool.gone_at is not None


def find(request: StaffRequest, pk: int) -> Here:
    """Raises Http404 for a pool of somebody else."""
    organisation = request.organisation
    pool = LeadPool.objects.filter(organisation=organisation, pk=pk).first() if pk else None
    if pk and pool is None:
        raise Http404
    listed = offered(organisation).pool(pk)
    name = (pool.name or pool.connect_id) if pool else gettext("Leads without a pool")
    leads = lead_filter.in_pool(organisation, pk or None)
    return Here(pk, name, pool, listed.states if listed else _every(request), leads)


def _every(request: StaffRequest) -> tuple[LeadState, ...]:
    """Where no pool says which states there are, any of them may be meant."""
    pools = offered(request.organisation).pools
    return tuple({one.connect_id: one for pool in pools for one in pool.states}.values())
