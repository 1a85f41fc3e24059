"""Moving many leads at once: asking, how it goes, undoing, stopping and going on."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import pool_here


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def ask(request: StaffRequest, pk: int) -> HttpResponseBase:
    pool_here.find(request, pk)
    return redirect("pool-table", slug=request.organisation.slug, pk=pk)


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    raise Http404


@require_POST
@desk_view("manager")
def undo(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    raise Http404


@require_POST
@desk_view("manager")
def stop(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    raise Http404


@require_POST
@desk_view("manager")
def resume(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    raise Http404
