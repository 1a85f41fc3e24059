"""Moving a lead to another state of its pool, held for the undo window."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from bookingapp.domain import lead_moves, leads, undo
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import change_words
from bookingapp.web.presenters.sentences import Text
from bookingapp.web.views import lead_states, settled, undoing

PART, PAGE, BAR = "bookings/lead_state.html", "leads/move.html", "undo/bar.html"
UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def state(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the part that shows it, or a page to choose on. POST ``state``: within the window the
    last one counts. A board (``board``) is told in JSON: what is wrong, and what can be undone.
    """
    lead = leads.find(request.organisation, pk)
    if lead is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, lead)
    error = _move(request, lead)
    if "board" in request.POST:
        return _to_board(request, error)
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
    part = lead_states.of(request, lead, error=error)
    if not htmx.wants_part(request):
        back = settled.came_from(request, instead=_board_of(request, lead))
        return render(request, PAGE, {"lead": lead, "lead_state": part, "back": back})
    context: dict[str, Any] = {"lead_state": part, "error": error}
    if request.method == "POST":
        context |= undoing.bar_context(request) | {"bar": True}
    response = render(request, PART, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _to_board(request: StaffRequest, error: Text) -> HttpResponse:
    bar = render_to_string(BAR, undoing.bar_context(request), request)
    status = UNREADABLE if error else 200
    return JsonResponse({"error": str(error), "bar": bar}, status=status)


def _board_of(request: StaffRequest, lead: Lead) -> str:
    address = {"slug": request.organisation.slug, "pk": lead.pool_id or 0}
    return reverse("pool-board", kwargs=address)


def _back(request: StaffRequest, error: Text) -> HttpResponse:
    if error:
        messages.warning(request, str(error))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect(settled.came_from(request, instead="held"))
