"""The list that somebody came to a lead from: its neighbours there, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from bookingapp.domain import catalogue, lead_filter, lead_neighbours
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import Lead
from bookingapp.web.forms import lead_filter as filter_form
from bookingapp.web.http import StaffRequest

BOARD, TABLE, FOLLOW_UPS = "board", "table", "follow-ups"
_PAGES = {BOARD: "pool-board", TABLE: "pool-table"}


@dataclass(frozen=True, slots=True)
class CameFrom:
    """``back`` is where the list is; ``before`` and ``after`` are pages of leads, or "". ``query``
    says all of it in an address.
    """

    name: str
    back: str
    before: str = ""
    after: str = ""
    query: str = ""
    is_list: bool = False


def of(request: StaffRequest, lead: Lead, *, now: datetime) -> CameFrom:
    """From the address (``list``, ``pool`` and a LeadFilter); else the board of its own pool."""
    name = request.GET.get("list", "")
    if name not in (*_PAGES, FOLLOW_UPS):
        return CameFrom(_pool_name(request, lead.pool_id or 0), _board(request, lead.pool_id or 0))
    asked, pool_pk = LeadFilter.of(request.GET), _pool_pk(request.GET.get("pool", ""))
    query = {"list": name, "pool": pool_pk or 0, **asked.as_query()}
    found, sort = _listed(request, name, asked, pool_pk, now)
    near = lead_neighbours.of(found, lead, sort)
    return CameFrom(
        name=gettext("Follow-ups") if name == FOLLOW_UPS else _pool_name(request, pool_pk or 0),
        back=_back(request, name, asked, pool_pk),
        before=_page(request, near.before, query),
        after=_page(request, near.after, query),
        query=urlencode(query),
        is_list=True,
    )


def _listed(
    request: StaffRequest, name: str, asked: LeadFilter, pool_pk: int | None, now: datetime
) -> tuple[QuerySet[Lead], str]:
    ours = request.organisation
    day_ends_at = filter_form.day_ends_at(ours, now)
    if name == FOLLOW_UPS:
        found = Lead.objects.filter(organisation=ours, never_created=False, archived=False)
        found = found.filter(pool=pool_pk) if pool_pk else found
        return found.filter(follow_up_at__lt=day_ends_at), "follow_up"
    found = lead_filter.in_pool(ours, pool_pk)
    found = lead_filter.matching(found, asked, organisation=ours, now=now, day_ends_at=day_ends_at)
    return found, asked.sort


def _back(request: StaffRequest, name: str, asked: LeadFilter, pool_pk: int | None) -> str:
    slug = request.organisation.slug
    if name == FOLLOW_UPS:
        address = reverse("follow-ups", kwargs={"slug": slug})
        return f"{address}?{urlencode({'pool': pool_pk})}" if pool_pk else address
    # A board shows all columns; which one the lead was in is no filter of it.
    asked = asked.without_state() if name == BOARD else asked
    address = reverse(_PAGES[name], kwargs={"slug": slug, "pk": pool_pk or 0})
    said = urlencode(asked.as_query())
    return f"{address}?{said}" if said else address


def _page(request: StaffRequest, pk: Any, query: dict[str, Any]) -> str:
    if pk is None:
        return ""
    address = reverse("lead-detail", kwargs={"slug": request.organisation.slug, "pk": pk})
    return f"{address}?{urlencode(query)}"


def _board(request: StaffRequest, pool_pk: int) -> str:
    return reverse("pool-board", kwargs={"slug": request.organisation.slug, "pk": pool_pk})


def _pool_name(request: StaffRequest, pool_pk: int) -> str:
    pool = catalogue.snapshot(request.organisation).pool(pool_pk)
    return (pool.name or pool.connect_id)[:60] if pool else gettext("Leads")


def _pool_pk(text: str) -> int | None:
    """None for the leads without a pool."""
    return int(text) or None if text.isdecimal() and len(text) < 12 else None
