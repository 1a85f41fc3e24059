"""Running an import, stopping it, going on with it, and deleting it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.views import import_page


@require_POST
@desk_view("manager")
def run(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    import_page.find(request, pk)
    raise Http404


@require_POST
@desk_view("manager")
def stop(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    import_page.find(request, pk)
    raise Http404


@require_POST
@desk_view("manager")
def resume(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    import_page.find(request, pk)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def delete(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    import_page.find(request, pk)
    raise Http404
