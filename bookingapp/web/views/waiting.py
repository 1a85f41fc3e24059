"""The waiting list: who would take an earlier slot, put on and taken off in one step each."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from bookingapp.web.http import StaffRequest, desk_view


@require_safe
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """The open marks."""
    return render(request, "waiting/list.html", {"organisation": request.organisation})


@require_POST
@desk_view("staff")
def mark(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put the lead ``pk`` on the list."""
    raise Http404


@require_POST
@desk_view("staff")
def end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take the mark ``pk`` off the list."""
    raise Http404
