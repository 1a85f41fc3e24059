"""The bulk moves of a pool that are not over, as a strip above its leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookingapp.domain import bulk_moves, bulk_progress
from bookingapp.domain.models import BulkMove, LeadState, Organisation
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import bulk_words
from bookingapp.web.presenters.bulk_words import Standing
from bookingapp.web.views import booking_list, pool_here

# More at a time are a line each on their own pages.
MOST = 3


@dataclass(frozen=True, slots=True)
class Line:
    bulk: BulkMove
    standing: Standing
    state: str
    headline: str
    may_stop: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """``url`` says it again; ``lines`` may be none."""

    lines: list[Line]
    url: str
    stamp: str
    slug: str
    is_moving: bool


@require_safe
@desk_view("staff")
def strip(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The strip of a pool, or 204 while ``v`` still says what it shows."""
    here = pool_here.find(request, pk)
    found = of(request, here.pk or None)
    if request.GET.get("v") == found.stamp:
        return HttpResponse(status=204)
    return render(request, "bulk/strip.html", {"strip": found})


def of(request: StaffRequest, pool_pk: int | None) -> Strip:
    """One query where nothing runs."""
    organisation = request.organisation
    running = BulkMove.objects.filter(organisation=organisation, pool=pool_pk, ended_at=None)
    bulks = list(running.select_related("person").order_by("asked_at")[:MOST])
    names = state_names(organisation) if bulks else {}
    may_stop = request.membership.is_at_least("manager")
    lines = [line(request, bulk, names, may_stop=may_stop) for bulk in bulks]
    lines = [one for one in lines if one.standing.is_open or one.standing.is_moving]
    url = reverse("bulk-strip", kwargs={"slug": organisation.slug, "pk": pool_pk or 0})
    told = [(one.bulk.pk, one.headline, one.standing.phase, one.standing.settled) for one in lines]
    is_moving = any(one.standing.is_moving for one in lines)
    return Strip(lines, url, booking_list.stamp_of(told), organisation.slug, is_moving)


def line(request: StaffRequest, bulk: BulkMove, names: dict[str, str], *, may_stop: bool) -> Line:
    now = timezone.now()
    told = bulk_progress.progress(bulk)
    paused = bulk_moves.is_paused(request.organisation)
    standing = bulk_words.standing(bulk, told, is_paused=paused, now=now)
    state = names.get(bulk.to_state) or bulk.to_state
    return Line(bulk, standing, state[:60], bulk_words.headline(standing), may_stop)


def state_names(organisation: Organisation) -> dict[str, Any]:
    rows = LeadState.objects.filter(organisation=organisation)
    return dict(rows.exclude(name="").values_list("connect_id", "name"))
