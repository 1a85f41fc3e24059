"""Cancelling rows of a rescue together: one reason, one look at what it sets off."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Rescue, RescueRow
from bookingapp.domain.policy import policy_of
from bookingapp.domain.rescue import cancels, events
from bookingapp.domain.rescue.rows import rows_of
from bookingapp.tasks.writes import wake_write
from bookingapp.web.forms.rescue import CancelForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import (
    cancel_words,
    consequence,
    moments,
    rescue_line,
    rescue_words,
)
from bookingapp.web.views import rescue_context


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def cancel(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: what would be cancelled, and what that sets off. POST: it is, after the undo window."""
    rescue = rescue_context.find(request, pk)
    given = request.POST if request.method == "POST" else request.GET
    rows = _chosen(rescue, given.getlist("row"), is_all="all" in given)
    if not rows:
        return _back(request, rescue, str(rescue_words.NOTES["nothing_chosen"]))
    if request.method != "POST":
        return _form(request, rescue, rows)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _form(request, rescue, rows, form, status=422)
    return _cancel(request, rescue, rows, form)


def _cancel(
    request: StaffRequest, rescue: Rescue, rows: list[RescueRow], form: CancelForm
) -> HttpResponse:
    who, now = request.user, timezone.now()
    try:
        done = cancels.cancel(rescue, request.membership, who, rows, form.asked(), now=now)
    except cancels.TooMany:
        return _form(request, rescue, rows, form, status=403)
    except Invalid as error:
        form.add_codes(error.fields)
        return _form(request, rescue, rows, form, status=422)
    for write in done.opened:
        wake_write(write, seconds=done.hold_seconds)
    return _back(request, rescue, rescue_words.cancelled(len(done.opened), done.failed))


def _chosen(rescue: Rescue, wanted: list[str], *, is_all: bool) -> list[RescueRow]:
    standing = cancels.cancellable(rows_of(rescue), now=timezone.now())
    return [row for row in standing if is_all or str(row.pk) in wanted]


def _form(
    request: StaffRequest,
    rescue: Rescue,
    rows: list[RescueRow],
    form: CancelForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    zone, now = moments.zone_of(rescue.calendar.zone), timezone.now()
    is_manager = request.membership.is_at_least("manager")
    reasons = policy_of(request.organisation.settings).cancel_reasons
    context = {
        "rescue": rescue,
        "days": rescue_words.days(rescue.from_day, rescue.until_day),
        "lines": [rescue_line.line(row, zone, now) for row in rows],
        "form": form,
        "intent": form.data.get("intent") if form else uuid.uuid4(),
        "reasons": [(code, cancel_words.label(code)) for code in reasons],
        "consequence": consequence.line(events.of_cancels(rescue, rows)),
        "is_too_many": len(rows) > cancels.STAFF_MOST and not is_manager,
        "too_many": rescue_words.NOTES["too_many"],
        "is_typed": len(rows) >= cancels.TYPED_FROM,
        "number": len(rows),
    }
    return render(request, "rescues/cancel.html", context, status=status)


def _back(request: StaffRequest, rescue: Rescue, note: str) -> HttpResponse:
    messages.info(request, note)
    return redirect("rescue-detail", slug=request.organisation.slug, pk=rescue.pk)
