"""How the connection to Connect does, looked at again every half minute."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain import call_tallies, connection_health
from bookingapp.web import htmx
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import connection_page, connection_words, moments

PAGE = "settings/connection.html"


@require_safe
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """The part alone for the poll."""
    return htmx.render_part(request, PAGE, "health", _context(request))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def check(request: StaffRequest) -> HttpResponse:
    """POST: one read of Connect now. GET: for who comes back to that address."""
    if request.method == "POST":
        found = connection_health.check(request.organisation, request_id=request.request_id)
        went_well, told = connection_words.checked(found)
        (messages.success if went_well else messages.warning)(request, told)
    return redirect("connection", slug=request.organisation.slug)


def _context(request: StaffRequest) -> dict[str, Any]:
    organisation, now = request.organisation, timezone.now()
    # What this process counted shows at once, what the others did in some seconds.
    call_tallies.flush()
    zone = moments.zone_of(lead_filter.zone_of(organisation))
    health = connection_health.of(organisation, now=now)
    return {
        "slug": organisation.slug,
        "page": connection_page.page(health, zone, now=now),
        "now": now,
        "zone": zone.key,
    }
