"""The page of a lead: all that is known of it, and its whole story."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import lead_opening, lead_story, leads
from bookingapp.domain.models import Lead
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import lead_words
from bookingapp.web.views import lead_context, settled

PAGE, DATA, STORY = "leads/page.html", "leads/data.html", "leads/story.html"
OPENED = "leads/opened.html"


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The page; for htmx with ``part`` what changes of it, or 204 while ``v`` still holds."""
    lead, now = found(request, pk), timezone.now()
    part = request.GET.get("part", "") if htmx.wants_part(request) else ""
    if part == "story":
        return shown(request, STORY, lead_context.story(request, lead, now=now))
    if part == "data":
        if request.GET.get("v") == lead_context.stamp(lead):
            return HttpResponse(status=204)
        return changed(request, lead)
    return shown(request, PAGE, lead_context.whole(request, lead, now=now))


@require_POST
@desk_view("staff")
def opened(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Somebody has opened the lead for the first time: Connect is told once."""
    lead, now = found(request, pk), timezone.now()
    write = lead_opening.ask(request.organisation, request.user, lead, now=now)
    if write is not None:
        settled.wake_held(write)
    if not htmx.wants_part(request):
        if write is not None:
            messages.success(request, str(lead_words.FIRST_OPENED))
        return _to_page(request, lead)
    response = shown(request, OPENED, {"is_told": write is not None})
    # The rest of the page shows it too, as something on its way.
    return htmx.trigger(response, "lead:done", {}) if write is not None else response


@require_POST
@desk_view("staff")
def note(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Keep a note; it stays here."""
    lead, now = found(request, pk), timezone.now()
    kept = lead_story.note(lead, request.user, request.POST.get("note", ""), now=now)
    if not htmx.wants_part(request):
        if kept is not None:
            messages.success(request, gettext("The note is kept."))
        return _to_page(request, lead)
    context = lead_context.story(request, lead, now=now) | {"is_noted": kept is not None}
    return shown(request, STORY, context)


def found(request: StaffRequest, pk: UUID) -> Lead:
    """The lead of this id. Raises Http404."""
    lead = leads.find(request.organisation, pk)
    if lead is None:
        raise Http404
    # The one that is at hand, with what is known of it already.
    lead.organisation = request.organisation
    return lead


def changed(request: StaffRequest, lead: Lead, **more: Any) -> HttpResponse:
    """All of the page that an edit changes, as parts."""
    now = timezone.now()
    context = lead_context.data(request, lead, now=now)
    context |= lead_context.story(request, lead, now=now)
    context |= lead_context.beside(request, lead, now=now)
    return shown(request, DATA, context | {"part": True} | more)


def shown(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def address(request: StaffRequest, lead: Lead) -> str:
    return reverse("lead-detail", kwargs={"slug": request.organisation.slug, "pk": lead.pk})


def _to_page(request: StaffRequest, lead: Lead) -> HttpResponse:
    return redirect(settled.came_from(request, instead=address(request, lead)))
