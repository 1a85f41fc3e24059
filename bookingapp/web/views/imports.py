"""Imports of leads: the list of them, and the file that begins one."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from bookingapp.domain import catalogue
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import progress, sheet, uploading
from bookingapp.domain.imports.encoding import Unreadable
from bookingapp.domain.models import LeadImport
from bookingapp.web.forms.imports import UploadForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import import_words, sentences
from bookingapp.web.views import import_page

MOST = 30
# Beside the file a form sends little.
ROOM_BYTES = 100_000


@require_safe
@desk_view("manager")
def listing(request: StaffRequest) -> HttpResponseBase:
    """The newest imports and how they went."""
    mine = LeadImport.objects.filter(organisation=request.organisation)
    newest = mine.select_related("person", "pool", "organisation").order_by("-asked_at", "-pk")
    cards = [
        (one, import_page.headline(one), import_words.progress(progress.progress_of(one)))
        for one in newest[:MOST]
    ]
    return render(request, "imports/list.html", {"cards": cards})


# Whoever sends more than may be imported is told so before any of it is read; below that the
# token is looked for as everywhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def new(request: StaffRequest) -> HttpResponseBase:
    """GET: which file, into which lead pool. POST: the file is read into rows."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > sheet.MOST_BYTES + ROOM_BYTES:
        error = Unreadable("too_large", most=sheet.MOST_BYTES // 1_000_000)
        return _form(request, {"file": import_words.unreadable(error)}, {}, status=413)
    return _new(request)


@csrf_protect
def _new(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {}, request.GET)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        wrong = {name: " ".join(map(str, told)) for name, told in form.errors.items()}
        return _form(request, wrong, request.POST, status=422)
    try:
        batch, _ = uploading.begin(
            request.organisation, request.user, form.upload(), now=timezone.now()
        )
    except Unreadable as error:
        told = {"file": import_words.unreadable(error)}
        return _form(request, told, request.POST, status=422)
    except Invalid as error:
        told = {name: str(sentences.field(code)) for name, code in error.fields.items()}
        return _form(request, told, request.POST, status=422)
    return redirect("import-mapping", slug=request.organisation.slug, pk=batch.pk)


def _form(
    request: StaffRequest, errors: dict[str, str], given: Any, *, status: int = 200
) -> HttpResponse:
    context = {
        "errors": errors,
        "pools": catalogue.snapshot(request.organisation).used_pools,
        "pool": str(given.get("pool", "")),
        "intent": given.get("intent") or uuid.uuid4(),
        "most_rows": sheet.MOST_ROWS,
        "most_megabytes": sheet.MOST_BYTES // 1_000_000,
    }
    return render(request, "imports/new.html", context, status=status)
