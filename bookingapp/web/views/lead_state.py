"""Moving a lead to another state of its pool, held for the undo window."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from bookingapp.domain import lead_moves, leads, undo
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import change_words
from bookingapp.web.presenters.sentences import Text
from bookingapp.web.views import lead_states, settled, undoing

PART = "bookings/lead_state.html"
UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def state(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the part that shows it. POST ``state``: within the window the last one counts."""
    lead = leads.find(request.organisation, pk)
    if lead is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, lead)
    error = _move(request, lead)
    lead.refresh_from_db()
    if not htmx.wants_part(request):
        return _back(request, error)
    return _shown(request, lead, error=error, status=UNREADABLE if error else 200)


def _move(request: StaffRequest, lead: Lead) -> Text:
    """ "" when it was taken down, else what is wrong."""
    try:
        intent = uuid.UUID(request.POST.get("intent", ""))
    except ValueError:
        return change_words.FIELDS["unknown"]
    seconds = undo.window_of(request.user)
    try:
        write = lead_moves.ask(
            request.organisation,
            request.user,
            lead,
            request.POST.get("state", "").replace("\x00", ""),
            intent=intent,
            now=timezone.now(),
            hold_seconds=seconds,
            may_cross=request.membership.is_at_least("manager"),
        )
    except Invalid as error:
        return change_words.FIELDS.get(error.fields["state"], change_words.FIELDS["unknown"])
    if write is not None:
        settled.wake_held(write)
    return ""


def _shown(
    request: StaffRequest, lead: Lead, *, error: Text = "", status: int = 200
) -> HttpResponse:
    if not htmx.wants_part(request):
        return redirect("booking-list", slug=request.organisation.slug)
    part = lead_states.of(request, lead, error=error)
    context: dict[str, Any] = {"lead_state": part, "error": error}
    if request.method == "POST":
        context |= undoing.bar_context(request) | {"bar": True}
    response = render(request, PART, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _back(request: StaffRequest, error: Text) -> HttpResponse:
    if error:
        messages.warning(request, str(error))
    return redirect(settled.came_from(request, instead="held"))
