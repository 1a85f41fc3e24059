"""One delivery as an admin looks at it, and a test delivery that changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain.hooks import bodies, config, inbox, submissions, telling
from bookingapp.domain.models import Delivery
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import hook_page, hook_understood, hook_words, moments
from bookingapp.web.views import hooks

PAGE = "hooks/delivery.html"


@require_POST
@desk_view("admin")
def test(request: StaffRequest) -> HttpResponseBase:
    """The real way with a body typed here; nothing stays changed."""
    text = request.POST.get("body", "")
    if not text:
        return redirect("hook-settings", slug=request.organisation.slug)
    asked = request.POST.get("way")
    way = Delivery.Way.FORMS if asked == Delivery.Way.FORMS else Delivery.Way.EVENTS
    raw = text.encode("utf-8", "replace")
    try:
        told = inbox.rehearse(request.organisation, way, raw, now=timezone.now())
    except bodies.Unreadable as error:
        problem = hook_words.problem(error.code)
        more: dict[str, Any] = {"test_error": problem, "typed": text[:100_000], "way": str(way)}
        return hooks.shown(request, status=422, **more)
    return redirect("hook-delivery", slug=request.organisation.slug, pk=told.pk)


@require_safe
@desk_view("admin")
def delivery(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    organisation = request.organisation
    known = Delivery.objects.filter(organisation=organisation, pk=pk)
    row = known.select_related("lead", "booking", "write").first()
    if row is None:
        raise Http404
    zone = moments.zone_of(lead_filter.zone_of(organisation))
    would = next((code[6:] for code in row.changed if code.startswith("would:")), "")
    context = {
        "slug": organisation.slug,
        "line": hook_page.line(row, zone, timezone.now()),
        "first_at": moments.dated(row.received_at, zone),
        "last_at": moments.dated(row.last_at, zone),
        "would": hook_words.RESULTS[would][0] if would in hook_words.RESULTS else "",
        "understood": _understood(request, row),
        "body": hook_page.body_of(row),
        "zone": zone.key,
    }
    return render(request, PAGE, context)


def _understood(request: StaffRequest, row: Delivery) -> list[tuple[str, str]]:
    """As it is read by the paths of now."""
    if row.result == Delivery.Result.UNREADABLE:
        return []
    policy = config.policy(request.organisation)
    if row.way == Delivery.Way.FORMS:
        return hook_understood.of_form(submissions.read(row.body, policy))
    told = telling.read(row.body, config.paths(request.organisation), policy)
    return hook_understood.of_event(told)
