"""Running an import, stopping it, going on with it, and deleting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookingapp.domain import batch_runner, batches
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import running
from bookingapp.domain.models import LeadImport
from bookingapp.tasks.batches import wake_batch
from bookingapp.web import htmx
from bookingapp.web.forms.imports import RunForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import import_words
from bookingapp.web.views import import_page

UNREADABLE = 422


@require_POST
@desk_view("manager")
def run(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Begin it; pressing it again begins nothing twice."""
    batch = import_page.find(request, pk)
    form = RunForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        started = running.start(
            batch,
            request.user,
            expected=given.get("expected", 0),
            typed=given.get("typed"),
            now=timezone.now(),
        )
    except Invalid as error:
        told = import_words.RUN[next(iter(error.fields.values()))]
        typed = request.POST.get("typed", "")[:10]
        context = import_page.page(request, batch, error=str(told), typed=typed)
        return render(request, import_page.PAGE, context, status=UNREADABLE)
    if started:
        wake_batch(batch_runner.LEAD_IMPORT, batch.pk)
    return _to_page(batch)


@require_POST
@desk_view("manager")
def stop(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Begin nothing more; with ``rest`` what a stop left is left for good."""
    batch = import_page.find(request, pk)
    change = batches.give_up if "rest" in request.POST else batches.stop
    return _changed(request, change(batch, request.user, now=timezone.now()))


@require_POST
@desk_view("manager")
def resume(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    batch = import_page.find(request, pk)
    if batch.stopped_at is not None:
        batch = batches.go_on(batch, request.user, now=timezone.now())
        wake_batch(batch_runner.LEAD_IMPORT, batch.pk)
    return _changed(request, batch)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("manager")
def delete(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: asks. POST: the rows of the file go; the leads stay."""
    batch = import_page.find(request, pk)
    if request.method != "POST":
        return render(request, "imports/delete.html", {"batch": batch, "rows": batch.rows.count()})
    try:
        running.delete(batch, request.user, now=timezone.now())
    except Invalid:
        messages.warning(request, str(import_words.RUN["running"]))
        return _to_page(batch)
    messages.success(request, _("The import and all that the file said are deleted."))
    return redirect("import-list", slug=request.organisation.slug)


def _changed(request: StaffRequest, batch: LeadImport) -> HttpResponse:
    if not htmx.wants_part(request):
        return _to_page(batch)
    context = import_page.page(request, import_page.find(request, batch.pk)) | {"is_poll": True}
    return htmx.render_part(request, import_page.PAGE, "progress", context)


def _to_page(batch: LeadImport) -> HttpResponse:
    return redirect("import-detail", slug=batch.organisation.slug, pk=batch.pk)
