"""Finding leads while somebody types."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookingapp.domain import leads
from bookingapp.web.http import StaffRequest, desk_view

LONGEST = 200


@require_safe
@desk_view("staff")
def search(request: StaffRequest) -> HttpResponseBase:
    """The list under the lead field, marked with the text that it answers."""
    text = request.GET.get("q", "")[:LONGEST].strip()
    hits = leads.search(request.organisation, text)
    return render(request, "leads/hits.html", {"query": text, "hits": hits})
