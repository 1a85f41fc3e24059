"""Where a lead stands that is not simply there, and in which zone it is dated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.domain import catalogue
from bookingapp.domain.models import Lead, LeadState
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import lead_words, moments
from bookingapp.web.presenters.reasons import Told


@dataclass(frozen=True, slots=True)
class Standing:
    """Something about the lead that changes what can be done."""

    told: Told
    tone: str


def standings(request: StaffRequest, lead: Lead) -> list[Standing]:
    told = lead_words.STANDINGS
    found = [Standing(told[code], tone) for code, tone in _codes(lead)]
    snapshot = catalogue.snapshot(request.organisation)
    pool = snapshot.pool(lead.pool_id or 0)
    state = state_of(request, lead)
    if pool and lead.state_connect_id not in {"", *(one.connect_id for one in pool.states)}:
        name = (state.name if state else "") or lead.state_connect_id
        happened = str(told["state_gone"].happened).format(state=name[:60])
        found.append(Standing(Told(happened, told["state_gone"].ahead), "warning"))
    return found


def _codes(lead: Lead) -> Iterable[tuple[str, str]]:
    if lead.never_created:
        yield "never_created", "bad"
    elif not lead.connect_id:
        yield "being_created", "info"
    if lead.archived:
        yield "archived", "warning"
    if lead.pool is None:
        yield "no_pool", "warning"
    elif lead.pool.gone_at is not None:
        yield "pool_gone", "warning"


def state_of(request: StaffRequest, lead: Lead) -> Any:
    """The lead's state at Connect, be it gone; None for one that we never heard of."""
    known = LeadState.objects.filter(organisation=request.organisation)
    return known.filter(connect_id=lead.state_connect_id).first() if lead.state_connect_id else None


def zone_of(request: StaffRequest) -> ZoneInfo:
    return moments.zone_of(lead_filter.zone_of(request.organisation))
