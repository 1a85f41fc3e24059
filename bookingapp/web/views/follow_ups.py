"""The follow-up queue: one lead after the other, with what is needed to call."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookingapp.web.http import StaffRequest, desk_view

PAGE = "follow_ups/page.html"


@require_safe
@desk_view("staff")
def page(request: StaffRequest) -> HttpResponseBase:
    """The queue of the organisation, or of one pool (``pool``), with one lead of it open."""
    return render(request, PAGE, {})
