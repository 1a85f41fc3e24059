"""What a board is asked for and what it shows: read once, used by its page and its parts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import pool_board, pool_columns, pool_views
from bookingapp.domain.catalogue.items import LeadState
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import LeadState as StateRow
from bookingapp.domain.policy import policy_of
from bookingapp.domain.pool_board import FIRST_CARDS, MORE_CARDS, MOST_CARDS, OTHER, Wanted
from bookingapp.domain.pool_columns import Asked
from bookingapp.web.forms import lead_filter as asking
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import moments
from bookingapp.web.presenters import pool_board as words
from bookingapp.web.presenters.lead_card import Cards
from bookingapp.web.presenters.pool_board import Shown
from bookingapp.web.views import pool_here
from bookingapp.web.views.pool_here import Here

MOST_FOLDED = 200


@dataclass
class Desk:
    """One look at a pool. ``filter`` is what the address says, else what is remembered."""

    request: StaffRequest
    here: Here
    kept: dict[str, Any]
    filter: LeadFilter
    now: datetime = field(default_factory=timezone.now)

    @property
    def pool_pk(self) -> int | None:
        return self.here.pk or None

    @property
    def slug(self) -> str:
        return self.request.organisation.slug

    @cached_property
    def zone(self) -> str:
        return asking.zone_of(self.request.organisation)

    @cached_property
    def asked(self) -> Asked:
        organisation = self.request.organisation
        ends_at = asking.day_ends_at(organisation, self.now)
        return Asked(organisation, self.pool_pk, self.filter, self.now, ends_at)

    @cached_property
    def counts(self) -> dict[str, int]:
        return pool_columns.counts(self.asked)

    @cached_property
    def states(self) -> dict[str, LeadState]:
        """By column; where no pool says which there are, those that leads have."""
        listed = self.here.states
        if self.here.pool is None or self.here.is_gone:
            listed = tuple(one for one in listed if one.connect_id in self.counts)
        return {str(one.pk): one for one in listed}

    @cached_property
    def others(self) -> tuple[str, ...]:
        listed = [one.connect_id for one in self.states.values()]
        return pool_board.others(self.counts, listed)

    @cached_property
    def closed(self) -> frozenset[str]:
        """The states that this person moves nothing into or out of."""
        if self.request.membership.is_at_least("manager"):
            return frozenset()
        return frozenset(policy_of(self.request.organisation.settings).protected_states)

    @cached_property
    def folded(self) -> set[str]:
        kept = self.kept.get("folded", ())
        return {str(key) for key in kept} if isinstance(kept, list | tuple) else set()

    def wanted(self, shown: Mapping[str, int] | None = None) -> list[Wanted]:
        """All columns; ``shown`` says how many cards of which are on the screen already."""
        found = [self._wanted(key, (one.connect_id,), shown) for key, one in self.states.items()]
        return [*found, self._wanted(OTHER, self.others, shown)] if self.others else found

    def _wanted(self, key: str, states: tuple[str, ...], shown: Mapping[str, int] | None) -> Wanted:
        if key in self.folded:
            return Wanted(key, states, None)
        most = (shown or {}).get(key, FIRST_CARDS)
        return Wanted(key, states, min(max(most, FIRST_CARDS), MOST_CARDS))

    def one(self, key: str) -> Wanted | None:
        """The column ``key`` with as many cards as one more page has."""
        if key == OTHER and self.others:
            return Wanted(key, self.others, MORE_CARDS)
        state = self.states.get(key)
        return Wanted(key, (state.connect_id,), MORE_CARDS) if state else None

    def shown(self, wanted: list[Wanted]) -> list[Shown]:
        board = pool_board.read(self.asked, wanted, self.counts)
        return words.columns(board, self.states, self.closed, self.cards)

    @cached_property
    def cards(self) -> Cards:
        """The names of all states only where a card needs one of another pool."""
        zone = moments.zone_of(self.zone)
        return Cards(self.slug, self._names, zone=zone, now=self.now, query=self.came_from)

    @cached_property
    def _names(self) -> dict[str, str]:
        known = {one.connect_id: one.name for one in self.here.states}
        if self.others:
            rows = StateRow.objects.filter(organisation=self.request.organisation)
            known |= dict(rows.exclude(name="").values_list("connect_id", "name"))
        return known

    @property
    def came_from(self) -> str:
        """For the page of a lead: which list it belongs to."""
        query = {"list": "board", "pool": self.here.pk, **self.filter.as_query()}
        return f"?{urlencode(query)}"

    @property
    def query(self) -> str:
        """The filter as an address says it; never nothing, which would mean "as last time"."""
        return urlencode({**self.filter.as_query(), "sort": self.filter.sort})

    @cached_property
    def view_url(self) -> str:
        return f"{self.address('pool-view')}?{self.query}"

    @cached_property
    def column_url(self) -> str:
        return f"{self.address('pool-column')}?{self.query}"

    @cached_property
    def address_of_all(self) -> str:
        return f"{self.address('pool-board')}?{self.query}"

    def address(self, name: str) -> str:
        return reverse(name, kwargs={"slug": self.slug, "pk": self.here.pk})


def of(request: StaffRequest, pk: int) -> Desk:
    """Raises Http404 for a pool of somebody else."""
    here = pool_here.find(request, pk)
    kept = pool_views.remembered(request.user, pk or None)
    said = request.GET if asking.says_filter(request.GET) else kept.get("filter") or {}
    wanted = LeadFilter.of(said if hasattr(said, "get") else {}).without_state()
    return Desk(request, here, kept, wanted)


def stamp_of(shown: list[Shown]) -> str:
    """Names what is shown, so that nothing is sent again while that is the same."""
    heads = [replace(one, cards=[], after="yes" if one.after else "") for one in shown]
    told = heads, [[card.stamp for card in one.cards] for one in shown]
    return hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()[:16]
