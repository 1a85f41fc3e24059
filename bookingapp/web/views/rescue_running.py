"""Running a rescue and stopping it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookingapp.domain.models import Rescue
from bookingapp.domain.rescue import running
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import rescue_words
from bookingapp.web.presenters.reasons import Text
from bookingapp.web.views import rescue_context, settled


@require_POST
@desk_view("staff")
def run(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Ask for the move of every agreed row; pressing it again asks for nothing twice."""
    rescue = rescue_context.find(request, pk)
    ran = running.run(rescue, request.user, now=timezone.now())
    settled.wake_all(ran.opened)
    note = rescue_words.ran(len(ran.opened), ran.ask_again, ran.failed)
    return _told(request, rescue, note, tone="warning" if ran.ask_again or ran.failed else "info")


@require_POST
@desk_view("staff")
def stop(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Undo what no worker has begun."""
    rescue = rescue_context.find(request, pk)
    settled.wake_all(running.stop(rescue, request.user, now=timezone.now()))
    return _told(request, rescue, rescue_words.NOTES["stopped"])


def _told(request: StaffRequest, rescue: Rescue, note: Text, *, tone: str = "info") -> HttpResponse:
    fresh = rescue_context.find(request, rescue.pk)
    if htmx.wants_part(request):
        return rescue_context.answer(request, fresh, note=note, tone=tone)
    messages.add_message(
        request, messages.WARNING if tone == "warning" else messages.INFO, str(note)
    )
    return redirect("rescue-detail", slug=request.organisation.slug, pk=rescue.pk)
