"""The admin's page of the hooks: addresses, field paths, forms, what came lately, a test."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.web.http import StaffRequest, desk_view

PAGE = "hooks/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    return render(request, PAGE, {"slug": request.organisation.slug})


@require_POST
@desk_view("admin")
def rotate(request: StaffRequest) -> HttpResponseBase:
    return redirect("hook-settings", slug=request.organisation.slug)


@require_POST
@desk_view("admin")
def test(request: StaffRequest) -> HttpResponseBase:
    return redirect("hook-settings", slug=request.organisation.slug)


@require_safe
@desk_view("admin")
def delivery(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    raise Http404
