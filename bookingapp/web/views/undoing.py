"""What is held and can still be undone: the bar on every page, its page, and what its keys do."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain.models import Write
from bookingapp.web.http import StaffRequest, desk_view


@require_safe
@desk_view("staff")
def held(request: StaffRequest) -> HttpResponseBase:
    return render(request, "undo/page.html", {})


@require_POST
@desk_view("staff")
def undo(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    return _back(request, pk)


@require_POST
@desk_view("staff")
def hold(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    return _back(request, pk)


def _back(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    if not Write.objects.filter(organisation=request.organisation, pk=pk).exists():
        raise Http404
    return redirect("held", slug=request.organisation.slug)
