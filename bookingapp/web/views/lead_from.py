"""The list that somebody came to a lead from: its neighbours there, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from bookingapp.domain import booking_filter, catalogue, lead_filter, lead_neighbours
from bookingapp.domain.follow_ups import Queue
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.lead_neighbours import Neighbours
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
    if name == FOLLOW_UPS:
        return _queue(request, lead, now)
    if name not in _PAGES:
        pool_pk = lead.pool_id or 0
        return CameFrom(_pool_name(request, pool_pk), _address(request, "pool-board", pk=pool_pk))
    asked, pool_pk = LeadFilter.of(request.GET), _pool_pk(request.GET.get("pool", "")) or 0
    if name == BOARD and not asked.state:
        # On a board the next one is the next of the column, wherever this one is moved to.
        asked = replace(asked, state=lead.board_state)
    near = _near(request, lead, asked, pool_pk, now)
    query = {"list": name, "pool": pool_pk, **asked.as_query()}
    # A board shows all columns; which one the lead was in is no filter of it.
    back = (asked.without_state() if name == BOARD else asked).as_query()
    return CameFrom(
        name=_pool_name(request, pool_pk),
        back=_address(request, _PAGES[name], back, pk=pool_pk),
        before=_page(request, near.before, query),
        after=_page(request, near.after, query),
        query=urlencode(query),
        is_list=True,
    )


def _near(
    request: StaffRequest, lead: Lead, asked: LeadFilter, pool_pk: int, now: datetime
) -> Neighbours:
    ours = request.organisation
    pool = lead_filter.in_pool(ours, pool_pk or None)
    day_ends_at = filter_form.day_ends_at(ours, now)
    found = lead_filter.matching(pool, asked, organisation=ours, now=now, day_ends_at=day_ends_at)
    # What a text finds is few, and read at once.
    is_whole = not (asked.state or asked.text)
    columns = lead_neighbours.columns_of(pool) if is_whole else None
    return lead_neighbours.of(found, lead, asked.sort, columns=columns)


def _queue(request: StaffRequest, lead: Lead, now: datetime) -> CameFrom:
    """The order of the queue of the day, of one pool or of all."""
    pool_pk = _pool_pk(request.GET.get("pool", ""))
    zone = filter_form.zone_of(request.organisation)
    today = booking_filter.local_day(zone, now)
    span = booking_filter.day_span(zone, today, today)
    queue = Queue(request.organisation, pool_pk, now, *span)
    place = queue.place_of(lead)
    before, after = queue.before(place), queue.after(place)
    kept = {} if pool_pk is None else {"pool": pool_pk}
    query = {"list": FOLLOW_UPS, **kept}
    return CameFrom(
        name=gettext("Follow-ups"),
        back=_address(request, "follow-ups", kept),
        before=_page(request, before and before.pk, query),
        after=_page(request, after and after.pk, query),
        query=urlencode(query),
        is_list=True,
    )


def _address(
    request: StaffRequest, name: str, query: Mapping[str, Any] | None = None, **place: Any
) -> str:
    address = reverse(name, kwargs={"slug": request.organisation.slug, **place})
    return f"{address}?{urlencode(query)}" if query else address


def _page(request: StaffRequest, pk: Any, query: Mapping[str, Any]) -> str:
    return "" if pk is None else _address(request, "lead-detail", query, pk=pk)


def _pool_name(request: StaffRequest, pool_pk: int) -> str:
    pool = catalogue.snapshot(request.organisation).pool(pool_pk)
    return (pool.name or pool.connect_id)[:60] if pool else gettext("Leads")


def _pool_pk(text: str) -> int | None:
    """0 are the leads without a pool; None: none was named."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
