"""The leads of a pool as a file. Each one leaves a row in the audit log."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import pool_here


@require_safe
@desk_view("manager")
def csv_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    pool_here.find(request, pk)
    return redirect("pool-table", slug=request.organisation.slug, pk=pk)
