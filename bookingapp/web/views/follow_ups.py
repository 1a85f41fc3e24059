"""The follow-up queue: one lead after the other, with what is needed to call."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from bookingapp.domain import lead_advice
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import follow_up_context

PAGE, LIST = "follow_ups/page.html", "follow_ups/list.html"


@require_safe
@desk_view("staff")
def page(request: StaffRequest) -> HttpResponseBase:
    """The queue of the organisation, or of one ``pool`` (0: leads without one), with ``lead`` open,
    else whoever is next. For htmx with ``part=list`` the list alone, 204 while ``v`` still holds.
    """
    wanted = follow_up_context.asked(request)
    if htmx.wants_part(request) and request.GET.get("part") == "list":
        return _list(request, wanted)
    lead = wanted.lead
    if lead is None:
        queue = follow_up_context.queue_of(request, wanted.pool)
        lead = follow_up_context.choose(request, queue, queue.listing())
    context = follow_up_context.whole(request, wanted, lead=lead)
    return htmx.render_part(request, PAGE, "queue", context)


def _list(request: StaffRequest, wanted: follow_up_context.Asked) -> HttpResponse:
    """What a colleague does shows; and that this person is still on their lead."""
    queue = follow_up_context.queue_of(request, wanted.pool)
    if wanted.lead is not None:
        lead_advice.note(request.organisation, request.user, wanted.lead.pk, now=queue.now)
    context = follow_up_context.listed(request, wanted, queue, lead=wanted.lead, done=wanted.done)
    if request.GET.get("v") == context["stamp"]:
        return HttpResponse(status=204)
    response = render(request, LIST, context | {"part": True})
    patch_vary_headers(response, ["HX-Request"])
    return response
