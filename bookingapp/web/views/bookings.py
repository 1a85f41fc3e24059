"""Bookings: asking for one, how it goes, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.domain import advice, bookings, journal, settling
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Write
from bookingapp.domain.slots import SlotRef
from bookingapp.domain.states import Kind, State
from bookingapp.domain.stories import Story
from bookingapp.web import drafts, htmx
from bookingapp.web.forms.booking import BookingForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import sentences
from bookingapp.web.views import (
    booking_list,
    booking_page,
    booking_refusal,
    settled,
    status_context,
)

STATUS = "bookings/status.html"
LONGEST_ADDRESS = 600


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def listing(request: StaffRequest) -> HttpResponseBase:
    """GET: the list of bookings. POST: the panel asks for one."""
    return _ask(request) if request.method == "POST" else booking_list.page(request)


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """All about one booking: how it stands, and what happened in which order."""
    return booking_page.shown(request, booking_page.find(request, pk))


@require_safe
@desk_view("staff")
def status(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The status part, with ``page`` all that changes of a booking's page; 204 while ``v`` still
    says how it stands.
    """
    stamp = booking_page.stamp(request, pk)
    if stamp and request.GET.get("v") == stamp:
        return HttpResponse(status=204)
    story = booking_page.find(request, pk)
    if not htmx.wants_part(request):
        return redirect("booking-detail", slug=request.organisation.slug, pk=pk)
    write = _of(story, pk)
    if "page" in request.GET or write is None:
        return booking_page.shown(request, story)
    return _status(request, write, grid=request.GET.get("grid", ""))


@require_POST
@desk_view("staff")
def choice(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Another time for a slot that was taken: an alternative, the grid again, or none."""
    write = _found(request, pk)
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    chosen = request.POST.get("choice", "")
    if chosen == "elsewhere":
        return _elsewhere(request, write)
    note = _decide(request, write, chosen)
    if htmx.wants_part(request) and "page" in request.POST:
        told = note if note.happened else None
        return booking_page.shown(request, booking_page.find(request, pk), note=told)
    if not htmx.wants_part(request):
        return settled.back(request, write, note)
    return _status(request, _found(request, pk), grid=request.POST.get("grid", ""), note=note)


def status_part(request: StaffRequest, write: Write) -> HttpResponse:
    """How a booking stands that was asked for elsewhere than beside the grid."""
    return _status(request, _found(request, write.pk), grid="")


def _ask(request: StaffRequest) -> HttpResponse:
    form = BookingForm(request.POST, organisation=request.organisation)
    if not form.is_valid():
        return booking_refusal.invalid(request, form)
    if twins := booking_refusal.twins_of(request, form):
        return booking_refusal.same_person(request, form, twins)
    try:
        write, _ = bookings.ask(
            request.organisation, request.user, form.asked(), now=timezone.now()
        )
    except Invalid as error:
        form.add_codes(error.fields)
        return booking_refusal.invalid(request, form)
    except SlotGone:
        return booking_refusal.slot_gone(request, form)
    except bookings.AlreadyBooked as error:
        return booking_refusal.already_booked(request, form, error.write)
    except journal.IntentReused as error:
        return booking_refusal.intent_reused(request, form, error.write)
    return _asked(request, write)


def _asked(request: StaffRequest, write: Write) -> HttpResponse:
    settled.wake_first(write)
    advice.forget(request.organisation, request.user, now=timezone.now())
    settled.close_replaced(request, write)
    drafts.drop(request)
    detail_url = status_context.row(write).url
    if not htmx.wants_part(request):
        return redirect(detail_url)
    response = _status(request, _found(request, write.pk), grid=request.POST.get("state", ""))
    # The status survives a reload: from here on the address is the booking's own.
    return htmx.push_url(response, detail_url)


def _elsewhere(request: StaffRequest, write: Write) -> HttpResponse:
    """Back to the grid with all that was typed; this write is closed once the next is asked.

    Of a move the old time stands, so it is closed at once: a booking has one change at a time.
    """
    if write.kind == Kind.RESCHEDULE and write.about_id:
        note = _decide(request, write, "give_up")
        if note.happened:
            return settled.back(request, write, note)
        address = reverse(
            "booking-move", kwargs={"slug": request.organisation.slug, "pk": write.about_id}
        )
        return htmx.redirect(request, address)
    typed = {"lead": str(write.lead_id or ""), "label": str(write.payload.get("name", ""))}
    drafts.keep(request, {key: text for key, text in typed.items() if text}, instead_of=write.pk)
    return htmx.redirect(request, status_context.grid_url(write))


def _decide(request: StaffRequest, write: Write, chosen: str) -> sentences.Told:
    now = timezone.now()
    try:
        if chosen == "give_up":
            freed = settling.give_up(write, person=request.user, now=now)
        else:
            ref = SlotRef.parse(chosen)
            freed = settling.choose(write, ref=ref, person=request.user, now=now)
    except settling.AlreadySettled:
        return sentences.PANEL["already_settled"]
    except (SlotGone, ValueError):
        return sentences.PANEL["not_offered"]
    settled.wake_all(freed)
    return sentences.NO_STORY


def _status(
    request: StaffRequest, write: Write, *, grid: str, note: sentences.Told | None = None
) -> HttpResponse:
    context = _context(request, write) | {
        "grid": grid[:LONGEST_ADDRESS],
        "note": note,
        "part": True,
    }
    # A slot that was refused: the worker has just read the grid again (design law 9).
    if write.state in {State.ASKING, State.REFUSED}:
        fresh = booking_refusal.fresh_grid(request, context["grid"])
        context = fresh | context | {"fresh": bool(fresh)}
    response = render(request, STATUS, context)
    # grid-live.js asks for the grid anew: what was just written changed it.
    return htmx.trigger_settled(response, "desk:refresh-grid")


def _context(request: StaffRequest, write: Write) -> dict[str, Any]:
    mine = settling.may_settle(write, request.membership, request.user)
    return {"status": status_context.status_of(write), "write": write, "may_settle": mine}


def _found(request: StaffRequest, pk: UUID) -> Write:
    """The write of this id, or what says how the booking of this id stands."""
    write = _of(booking_page.find(request, pk), pk)
    if write is None:
        raise Http404
    return write


def _of(story: Story, pk: UUID) -> Write | None:
    exact = (write for write in story.writes if write.pk == pk)
    return next(exact, None) or booking_page.present(story)
