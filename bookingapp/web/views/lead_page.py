"""The page of a lead: all that is known of it, and its whole story."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import leads
from bookingapp.domain.models import Lead
from bookingapp.web.http import StaffRequest, desk_view

PAGE = "leads/page.html"


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    return render(request, PAGE, {"lead": found(request, pk), "slug": request.organisation.slug})


@require_POST
@desk_view("staff")
def opened(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Somebody has opened the lead for the first time."""
    found(request, pk)
    return HttpResponse(status=204)


@require_POST
@desk_view("staff")
def note(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Keep a note; it stays here."""
    return redirect("lead-detail", slug=request.organisation.slug, pk=found(request, pk).pk)


def found(request: StaffRequest, pk: UUID) -> Lead:
    """The lead of this id. Raises Http404."""
    lead = leads.find(request.organisation, pk)
    if lead is None:
        raise Http404
    return lead
