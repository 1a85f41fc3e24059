"""Imports of leads: the list of them, and the file that begins one."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.web.http import StaffRequest, desk_view


@require_safe
@desk_view("manager")
def listing(request: StaffRequest) -> HttpResponseBase:
    """The newest imports and how they went."""
    return render(request, "imports/list.html", {"cards": []})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def new(request: StaffRequest) -> HttpResponseBase:
    """GET: which file, into which lead pool. POST: the file is read into rows."""
    return render(request, "imports/new.html")
