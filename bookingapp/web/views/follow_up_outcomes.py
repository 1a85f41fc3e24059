"""What became of a call: the lead was reached, or when it is to be called again."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bookingapp.domain import leads
from bookingapp.web.http import StaffRequest, desk_view


@require_POST
@desk_view("staff")
def outcome(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take down ``outcome`` of a call with the lead ``pk``, and go on to the next one."""
    if leads.find(request.organisation, pk) is None:
        raise Http404
    return redirect("follow-ups", slug=request.organisation.slug)


@require_POST
@desk_view("staff")
def date(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Set or clear the follow-up date of the lead ``pk``, from its page or the board."""
    if leads.find(request.organisation, pk) is None:
        raise Http404
    return redirect("follow-ups", slug=request.organisation.slug)
