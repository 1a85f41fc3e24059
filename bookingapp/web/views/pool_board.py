"""The board of a lead pool: its leads by state, in columns that load as they are wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import catalogue, pool_board, pool_views
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.pool_board import FIRST_CARDS, MORE_CARDS, OTHER
from bookingapp.web import htmx
from bookingapp.web.forms import lead_filter as asking
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import consequence, grid_words
from bookingapp.web.presenters import pool_board as words
from bookingapp.web.presenters.pool_board import Shown
from bookingapp.web.views import pool_desk, pool_head
from bookingapp.web.views.pool_desk import MOST_FOLDED, Desk

PAGE, COLUMN, CARDS = "pools/board.html", "pools/column.html", "pools/cards.html"
FACE = "pool-board"
FACES = {"board": FACE, "table": "pool-table"}


@require_safe
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """To the pool this person looked at last, as they looked at it."""
    organisation = request.organisation
    view = pool_views.last_used(request.user, organisation)
    if view is not None:
        kept = view.settings if isinstance(view.settings, dict) else {}
        face = FACES.get(str(kept.get("face", "")), "pool-board")
        return redirect(face, slug=organisation.slug, pk=view.pool_id)
    # Where none was read yet this waits for Connect once.
    pools = catalogue.snapshot(organisation).used_pools
    return redirect("pool-board", slug=organisation.slug, pk=pools[0].pk if pools else 0)


@require_safe
@desk_view("staff")
def board(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The board as a page, or its columns for another filter; pk 0: leads without a pool."""
    desk = pool_desk.of(request, pk)
    # A search is over with the page; what it leaves out would be missed the next day.
    kept = {"filter": replace(desk.filter, text="").as_query(), "face": "board"}
    pool_views.remember(request.user, desk.pool_pk, now=desk.now, **kept)
    context = _board(desk, desk.shown(desk.wanted()))
    if htmx.wants_part(request):
        response = htmx.render_part(request, PAGE, "board", context)
        return htmx.push_url(response, f"{desk.address('pool-board')}?{desk.query}")
    return htmx.render_part(request, PAGE, "board", context | _around(desk))


@require_safe
@desk_view("staff")
def column(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The cards of one column that follow ``after``; as a page of their own without a script."""
    desk = pool_desk.of(request, pk)
    wanted = desk.one(request.GET.get("column", OTHER))
    if wanted is None and not htmx.wants_part(request):
        return redirect("pool-board", slug=desk.slug, pk=pk)
    if wanted is None:
        return HttpResponse()
    read = pool_board.more(desk.asked, wanted, request.GET.get("after", ""))
    shown = words.columns(read, desk.states, desk.closed, desk.cards)
    if not htmx.wants_part(request):
        context = _board(desk, shown) | _around(desk) | {"only": shown[0]}
        return htmx.render_part(request, PAGE, "board", context)
    context = {"column": shown[0], "desk": desk}
    response = render(request, CARDS, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@desk_view("staff")
def changes(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The columns as they stand, or 204 while ``v`` still says what is on the screen.

    ``n`` says how many cards of which column those are, as "key:number,key:number".
    """
    desk = pool_desk.of(request, pk)
    shown = desk.shown(desk.wanted(_numbers(request.GET.get("n", ""))))
    if request.GET.get("v") == pool_desk.stamp_of(shown):
        return HttpResponse(status=204)
    if not htmx.wants_part(request):
        return redirect(f"{desk.address('pool-board')}?{desk.query}")
    return htmx.render_part(request, PAGE, "board", _board(desk, shown))


@require_POST
@desk_view("staff")
def view(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Fold or unfold the column ``fold``, and remember it; answers with the column."""
    desk = pool_desk.of(request, pk)
    key = request.POST.get("fold", "")[:20]
    folded = desk.folded ^ {key} if key else desk.folded
    desk.folded = set(sorted(folded)[:MOST_FOLDED])
    _remember_folded(desk)
    wanted = next((one for one in desk.wanted() if one.key == key), None)
    if not htmx.wants_part(request):
        return redirect(f"{desk.address('pool-board')}?{desk.query}")
    if wanted is None:
        return HttpResponse(status=204)
    context = {"column": desk.shown([wanted])[0], "desk": desk}
    return render(request, COLUMN, context)


def _remember_folded(desk: Desk) -> None:
    now = timezone.now()
    folded = sorted(desk.folded)
    pool_views.remember(desk.request.user, desk.pool_pk, now=now, folded=folded)


def _board(desk: Desk, shown: list[Shown]) -> dict[str, Any]:
    stamp = pool_desk.stamp_of(shown)
    snapshot = catalogue.snapshot(desk.request.organisation)
    return {
        "desk": desk,
        "columns": shown,
        "stamp": stamp,
        "first": FIRST_CARDS,
        "step": MORE_CARDS,
        "is_known": snapshot.is_known,
        "problem": grid_words.problem(snapshot.problem),
        "total": sum(one.count for one in shown),
        "look": f"{desk.address('pool-changes')}?{desk.query}",
        "line": consequence.line(Consequence(1)),
        "targets": words.targets(desk.here.states, desk.closed),
    }


def _around(desk: Desk) -> dict[str, Any]:
    """What stands around the columns."""
    action = desk.address("pool-board")
    return {
        "form": asking.form(desk.request.organisation, desk.filter, action=action, target="board"),
        "pools": pool_head.pools(desk.request, desk.here, face=FACE),
        "faces": pool_head.faces(desk.request, desk.here, face=FACE, query=desk.query),
    }


def _numbers(text: str) -> dict[str, int]:
    pairs = (one.partition(":") for one in text[:4000].split(","))
    return {key: int(number) for key, _colon, number in pairs if number.isdecimal()}
