"""The head of a pool's pages: which pools there are, and how its leads can be shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from bookingapp.domain import pool_board
from bookingapp.domain.booking_filter import offered
from bookingapp.web.http import StaffRequest
from bookingapp.web.views.pool_here import NO_POOL, Here


@dataclass(frozen=True, slots=True)
class Choice:
    text: str
    url: str
    current: bool
    note: str = ""


def pools(request: StaffRequest, here: Here, *, face: str) -> list[Choice]:
    """The pools to choose from, those that are gone and the leads without one last."""
    gone = gettext("no longer at RocketLead")
    listed = offered(request.organisation)
    found = [(one.pk, one.name, "") for one in listed.used_pools]
    others = pool_board.pools_gone(request.organisation)
    found += [(one.pk, one.name or one.connect_id, gone) for one in others]
    if here.pk == NO_POOL or pool_board.has_homeless(request.organisation):
        found.append((NO_POOL, gettext("Leads without a pool"), ""))
    if here.pk not in {pk for pk, _name, _note in found}:
        # Somebody came by a link, from a lead that is in it.
        found.append(
            (here.pk, here.name, gettext("not used here") if listed.pool(here.pk) else gone)
        )
    return [
        Choice(name, _address(request, face, pk), pk == here.pk, note) for pk, name, note in found
    ]


def faces(request: StaffRequest, here: Here, *, face: str, query: str) -> list[Choice]:
    """Board and table, with the same filter."""
    texts = {"pool-board": gettext("Board"), "pool-table": gettext("Table")}
    return [
        Choice(text, f"{_address(request, name, here.pk)}?{query}", name == face)
        for name, text in texts.items()
    ]


def _address(request: StaffRequest, name: str, pk: int) -> str:
    return reverse(name, kwargs={"slug": request.organisation.slug, "pk": pk})
