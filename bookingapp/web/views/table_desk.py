"""What the table of a pool is asked for: read once, used by its page, its file and bulk moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import pool_keys, pool_table, pool_views
from bookingapp.domain.booking_filter import offered
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import LeadState as StateRow
from bookingapp.domain.pool_columns import Asked
from bookingapp.web.forms import booking_filter as reading
from bookingapp.web.forms import lead_filter as asking
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import lead_columns, moments
from bookingapp.web.presenters.lead_columns import Cells, Column
from bookingapp.web.views import pool_here
from bookingapp.web.views.pool_here import Here

# How columns are remembered where no pool can: in the session, for the leads without a pool.
SESSION = "homeless-columns"


@dataclass
class TableDesk:
    """``filter``, ``order`` and ``columns``: what the address says, else what is remembered."""

    request: StaffRequest
    here: Here
    filter: LeadFilter
    order: str
    columns: list[str]
    number: int = 1
    now: datetime = field(default_factory=timezone.now)

    @property
    def pool_pk(self) -> int | None:
        return self.here.pk or None

    @property
    def slug(self) -> str:
        return self.request.organisation.slug

    @cached_property
    def asked(self) -> Asked:
        organisation = self.request.organisation
        ends_at = asking.day_ends_at(organisation, self.now)
        return Asked(organisation, self.pool_pk, self.filter, self.now, ends_at)

    @cached_property
    def state_ids(self) -> list[str]:
        return [one.connect_id for one in self.here.states]

    @cached_property
    def offered(self) -> list[Column]:
        keys = pool_keys.known(self.request.organisation, self.here.pool)
        return lead_columns.offered(keys, self.columns)

    @property
    def shown(self) -> list[Column]:
        return [one for one in self.offered if one.is_shown]

    @property
    def with_data(self) -> bool:
        return any(one.group != "fixed" for one in self.shown)

    @cached_property
    def state_names(self) -> dict[str, str]:
        """Names of gone states too: leads may still have one."""
        rows = StateRow.objects.filter(organisation=self.request.organisation)
        return dict(rows.exclude(name="").values_list("connect_id", "name"))

    def cells(self, **more: Any) -> Cells:
        types = {one.connect_id: one.name for one in offered(self.request.organisation).types}
        zone = moments.zone_of(asking.zone_of(self.request.organisation))
        return Cells(self.state_names, types, zone=zone, **more)

    @property
    def kept(self) -> dict[str, str]:
        """What an address says beside the filter and the page."""
        usual = pool_table.order_of("", self.filter.sort)
        return {} if self.order == usual else {"by": self.order}

    def query(self, **changes: Any) -> str:
        """All of it as an address says it; never nothing, which would mean "as last time"."""
        said = {**self.filter.as_query(), "sort": self.filter.sort, **self.kept}
        said |= {name: str(value) for name, value in changes.items()}
        return urlencode({name: value for name, value in said.items() if value})

    def address(self, name: str) -> str:
        return reverse(name, kwargs={"slug": self.slug, "pk": self.here.pk})

    @property
    def came_from(self) -> str:
        """For the page of a lead: which list it belongs to."""
        query = {"list": "table", "pool": self.here.pk, **self.filter.as_query()}
        return f"?{urlencode(query)}"


def of(request: StaffRequest, pk: int, query: QueryDict | None = None) -> TableDesk:
    """Raises Http404 for a pool of somebody else. ``query``: the address, or a form's fields."""
    query = request.GET if query is None else query
    here = pool_here.find(request, pk)
    kept = pool_views.remembered(request.user, pk or None)
    says = asking.says_filter(query)
    told: Any = query if says else kept.get("filter")
    wanted = LeadFilter.of(told if hasattr(told, "get") else {})
    by = query.get("by", "") if says or "by" in query else str(kept.get("by", ""))
    order = pool_table.order_of(by, wanted.sort)
    number = min(reading.key(query.get("page", "")) or 1, reading.MOST_PAGES)
    return TableDesk(request, here, wanted, order, _columns(request, kept), number)


def remember(desk: TableDesk) -> None:
    """Not what was searched for: tomorrow's leads would be missing, and nobody would know why."""
    kept = desk.filter.without_state().as_query()
    kept.pop("text", None)
    pool_views.remember(
        desk.request.user,
        desk.pool_pk,
        now=desk.now,
        filter=kept,
        by=desk.kept.get("by", ""),
        face="table",
    )


def remember_columns(desk: TableDesk, columns: list[str]) -> None:
    if desk.pool_pk is None:
        desk.request.session[SESSION] = columns
    else:
        pool_views.remember(desk.request.user, desk.pool_pk, now=desk.now, columns=columns)


def _columns(request: StaffRequest, kept: dict[str, Any]) -> list[str]:
    """None chosen is a choice; nothing remembered is not."""
    told = kept.get("columns", request.session.get(SESSION) if not kept else None)
    if not isinstance(told, list):
        return list(lead_columns.USUAL)
    return lead_columns.cleaned(told)
