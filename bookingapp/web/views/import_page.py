"""One import: how far it is, row by row, and the same as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain.models import LeadImport
from bookingapp.web.http import StaffRequest, desk_view


def find(request: StaffRequest, pk: UUID) -> LeadImport:
    """Raises Http404 for somebody else's."""
    mine = LeadImport.objects.filter(organisation=request.organisation)
    found = mine.select_related("person", "pool", "organisation").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@desk_view("manager")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Its page; before it has run, what would happen."""
    find(request, pk)
    raise Http404


@require_safe
@desk_view("manager")
def rows(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What became of each row, for a spreadsheet."""
    find(request, pk)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def mapping(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the first rows and what each column is. POST: the dry run."""
    find(request, pk)
    raise Http404
