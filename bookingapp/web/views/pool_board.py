"""The board of a lead pool: its leads by state, in columns that load as they are wanted."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import catalogue
from bookingapp.web.http import StaffRequest, desk_view

PAGE = "pools/board.html"


@require_safe
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """To the board of a pool."""
    pools = catalogue.snapshot(request.organisation).pools
    return redirect("pool-board", slug=request.organisation.slug, pk=pools[0].pk if pools else 0)


@require_safe
@desk_view("staff")
def board(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The board as a page; pk 0 are the leads without a pool."""
    pool = catalogue.snapshot(request.organisation).pool(pk)
    if pool is None and pk:
        raise Http404
    return render(request, PAGE, {"pool": pool})


@require_safe
@desk_view("staff")
def column(request: StaffRequest, pk: int) -> HttpResponseBase:
    """More cards of one column."""
    return board(request, slug=request.organisation.slug, pk=pk)


@require_safe
@desk_view("staff")
def changes(request: StaffRequest, pk: int) -> HttpResponseBase:
    """204 while nothing changed."""
    return board(request, slug=request.organisation.slug, pk=pk)


@require_POST
@desk_view("staff")
def view(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Remember how a person looks at a pool."""
    if pk and catalogue.snapshot(request.organisation).pool(pk) is None:
        raise Http404
    return HttpResponse(status=204)
