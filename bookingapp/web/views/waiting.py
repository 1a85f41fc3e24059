"""The waiting list: who would take an earlier slot, put on and taken off in one step each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bookingapp.domain import leads, waiting
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead, WaitingMark
from bookingapp.web import htmx
from bookingapp.web.forms.booking import lead_of
from bookingapp.web.forms.waiting import WaitingForm, booking_of
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import waiting as words
from bookingapp.web.views import waiting_part

LIST, MARK, ROW = "waiting/list.html", "waiting/mark.html", "waiting/row.html"
LONGEST = 200
UNREADABLE = 422


@require_safe
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """The open marks; with ``q`` the leads to put on the list, with ``lead`` the form for one."""
    if htmx.wants_part(request):
        return htmx.render_part(request, LIST, "hits", _found(request))
    chosen = request.GET.get("lead", "")
    lead = lead_of(request.organisation, chosen) if chosen else None
    return _page(request, lead)


@require_POST
@desk_view("staff")
def mark(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put the lead ``pk`` on the list, or change its mark for the same type and calendar."""
    lead = leads.find(request.organisation, pk)
    if lead is None:
        raise Http404
    form = WaitingForm(request.POST, organisation=request.organisation)
    if not form.is_valid():
        return _refused(request, lead, form)
    try:
        one, _is_new = waiting.mark(
            request.organisation, request.user, form.wanted(lead), now=timezone.now()
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return _refused(request, lead, form)
    return _marked(request, one)


@require_POST
@desk_view("staff")
def end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take the mark ``pk`` off the list, or (``back``) put it on it again."""
    now = timezone.now()
    change = waiting.put_back if "back" in request.POST else waiting.end
    try:
        one = change(request.organisation, pk, person=request.user, now=now)
    except waiting.NoSuchMark:
        raise Http404 from None
    except waiting.AlreadyWaiting:
        messages.info(request, gettext("This lead is on the list again already."))
        return htmx.redirect(request, _list_url(request))
    booking = booking_of(request.organisation, _uuid(request.POST.get("booking", "")))
    if booking is not None:
        return _on_booking(request, one, booking.pk)
    if not htmx.wants_part(request):
        return redirect(_list_url(request))
    context = {"row": words.row(one, now=now), "slug": request.organisation.slug, "is_new": True}
    return render(request, ROW, context)


def _marked(request: StaffRequest, one: WaitingMark) -> HttpResponse:
    if one.booking is not None and "booking" in request.POST:
        return _on_booking(request, one, one.booking.pk)
    text = gettext("{name} is on the waiting list.").format(name=one.lead)
    messages.success(request, text)
    return htmx.redirect(request, _list_url(request))


def _on_booking(request: StaffRequest, one: WaitingMark, pk: UUID) -> HttpResponse:
    """The part on the page of a booking, as it stands now."""
    if not htmx.wants_part(request):
        return redirect("booking-detail", slug=request.organisation.slug, pk=pk)
    booking = booking_of(request.organisation, pk)
    if booking is None:
        raise Http404
    now = timezone.now()
    context = waiting_part.of_booking(booking, now=now) | {"is_new": True}
    if one.ended_at is not None:
        context["ended"] = words.row(one, now=now)
    return render(request, MARK, context)


def _refused(request: StaffRequest, lead: Lead, form: WaitingForm) -> HttpResponse:
    booking = booking_of(request.organisation, _uuid(request.POST.get("booking", "")))
    if booking is not None and htmx.wants_part(request):
        context = waiting_part.of_booking(booking, now=timezone.now(), form=form)
        return render(request, MARK, context, status=UNREADABLE)
    return _page(request, lead, form=form, status=UNREADABLE)


def _page(
    request: StaffRequest, lead: Lead | None, *, form: WaitingForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    organisation = request.organisation
    marks = waiting.listed(organisation, now=now)
    context: dict[str, Any] = {
        "organisation": organisation,
        "slug": organisation.slug,
        "listing": words.listing(marks, now=now),
    }
    if lead is not None:
        context |= waiting_part.of_lead(organisation, lead, now=now, form=form)
    return render(request, LIST, context | _found(request), status=status)


def _found(request: StaffRequest) -> dict[str, Any]:
    query = request.GET.get("q", "")[:LONGEST].strip()
    hits = leads.search(request.organisation, query) if query else []
    return {"query": query, "hits": hits, "slug": request.organisation.slug}


def _list_url(request: StaffRequest) -> str:
    return reverse("waiting-list", kwargs={"slug": request.organisation.slug})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
