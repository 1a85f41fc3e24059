"""A lead pool as a table."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import pool_here


@require_safe
@desk_view("staff")
def table(request: StaffRequest, pk: int) -> HttpResponseBase:
    return render(request, "pools/table.html", {"here": pool_here.find(request, pk)})
