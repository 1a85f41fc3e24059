"""What became of a call: the lead was reached, or when it is to be called again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from bookingapp.domain import (
    follow_up_outcomes,
    journal,
    lead_edits,
    lead_opening,
    leads,
    undo,
)
from bookingapp.domain.errors import Invalid
from bookingapp.domain.follow_up_outcomes import HandledMeanwhile
from bookingapp.domain.models import Lead, LeadEvent
from bookingapp.domain.settling import AlreadySettled
from bookingapp.web import htmx
from bookingapp.web.forms.follow_up import OutcomeForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import follow_up_words, moments
from bookingapp.web.presenters.lead_card import name_of
from bookingapp.web.presenters.lead_story import name_of as person_of
from bookingapp.web.presenters.reasons import Told
from bookingapp.web.views import (
    follow_up_context,
    lead_context,
    settled,
    undoing,
)
from bookingapp.web.views.follow_up_lead import Typed
from bookingapp.web.views.follow_ups import PAGE

CONFLICT, UNREADABLE = 409, 422


@require_POST
@desk_view("staff")
def outcome(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note what became of the call with the lead ``pk``, and go on to the next one at once."""
    lead, now = _found(request, pk), timezone.now()
    form = OutcomeForm.of(request.POST.dict())
    try:
        asked = form.asked(now=now, zone=lead_context.zone_of(request))
        recorded = follow_up_outcomes.record(
            request.organisation,
            request.user,
            lead,
            asked,
            now=now,
            hold_seconds=undo.window_of(request.user),
            may_cross=request.membership.is_at_least("manager"),
        )
    except Invalid as error:
        name, code = next(iter(error.fields.items()))
        return _again(request, lead, form, error=code, error_field=name, status=UNREADABLE)
    except HandledMeanwhile as error:
        told = _told(follow_up_words.HANDLED, request, error.event)
        return _again(request, lead, form, meanwhile=told, status=CONFLICT)
    except lead_edits.EditedMeanwhile as error:
        told = _dated(request, error)
        return _again(request, lead, form, meanwhile=told, status=CONFLICT)
    except journal.IntentReused:
        return _again(request, lead, form, meanwhile=follow_up_words.REUSED, status=CONFLICT)
    opened = lead_opening.ask(request.organisation, request.user, lead, now=now)
    for write in [*recorded.writes, *([opened] if opened else [])]:
        settled.wake_held(write)
    return _onward(request, lead, recorded.event)


@require_POST
@desk_view("staff")
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """As if the outcome ``pk`` had not been noted: its lead is in the queue again."""
    events = LeadEvent.objects.filter(kind=LeadEvent.Kind.OUTCOME, pk=pk)
    event = events.filter(lead__organisation=request.organisation).select_related("lead").first()
    if event is None:
        raise Http404
    if event.person_id != request.user.pk and not request.membership.is_at_least("manager"):
        return settled.not_yours(request)
    told, kind, status = str(follow_up_words.TAKEN_BACK), "good", 200
    try:
        follow_up_outcomes.take_back(event, request.user, now=timezone.now())
    except AlreadySettled:
        late = follow_up_words.TOO_LATE
        told, kind, status = f"{late.happened} {late.can}", "warning", CONFLICT
    event.lead.organisation = request.organisation
    return _at(request, event.lead, told.format(who=name_of(event.lead)), kind, status)


@require_POST
@desk_view("staff")
def date(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Set (``at``, or a ``choice`` of the quick ones) or ``clear`` the follow-up date of a lead,
    from its page or the board. For htmx the undo bar; else back to where it came from.
    """
    lead, now = _found(request, pk), timezone.now()
    code = request.POST.get("choice", "own")
    form = OutcomeForm.of({**request.POST.dict(), "outcome": f"again_{code}"})
    try:
        asked = (
            None
            if "clear" in request.POST
            else form.asked(now=now, zone=lead_context.zone_of(request))
        )
        write = follow_up_outcomes.set_date(
            request.organisation,
            request.user,
            lead,
            asked.until if asked else None,
            intent=asked.intent if asked else form.known_intent(),
            now=now,
            hold_seconds=undo.window_of(request.user),
            seen_date=form.seen_date if "seen_date" in request.POST else None,
        )
    except Invalid as error:
        text = follow_up_words.field(next(iter(error.fields.values())))
        return _dating(request, lead, text, "warning", status=UNREADABLE)
    except lead_edits.EditedMeanwhile as error:
        return _dating(request, lead, str(_dated(request, error).happened), "warning", CONFLICT)
    except journal.IntentReused:
        text = str(follow_up_words.REUSED.happened)
        return _dating(request, lead, text, "warning", CONFLICT)
    if write is not None:
        settled.wake_held(write)
    return _dating(request, lead, "", "good")


def _found(request: StaffRequest, pk: UUID) -> Lead:
    lead = leads.find(request.organisation, pk)
    if lead is None or lead.never_created:
        raise Http404
    lead.organisation = request.organisation
    return lead


def _onward(request: StaffRequest, lead: Lead, event: LeadEvent) -> HttpResponse:
    """To the next lead, with the outcome just noted beside it."""
    wanted = follow_up_context.asked(request)
    queue = follow_up_context.queue_of(request, wanted.pool)
    after = follow_up_context.next_of(request, queue, lead)
    if after is not None and after.pk == lead.pk:
        after = None
    address = follow_up_context.address(
        request, wanted.pool, lead=after.pk if after else None, done=event.pk
    )
    if not htmx.wants_part(request):
        return redirect(address)
    event.lead = lead
    context = follow_up_context.whole(request, wanted, lead=after, done=event)
    return _part(request, context, address)


def _at(request: StaffRequest, lead: Lead, text: str, kind: str, status: int) -> HttpResponse:
    """The queue at this lead, and a word about what happened."""
    wanted = follow_up_context.asked(request)
    address = follow_up_context.address(request, wanted.pool, lead=lead.pk)
    if not htmx.wants_part(request):
        level = messages.SUCCESS if kind == "good" else messages.WARNING
        messages.add_message(request, level, text)
        return redirect(address)
    context = follow_up_context.whole(request, wanted, lead=lead)
    response = _part(request, context, address, status=status)
    return htmx.toast(response, text, kind)


def _again(
    request: StaffRequest,
    lead: Lead,
    form: OutcomeForm,
    *,
    error: str = "",
    error_field: str = "",
    meanwhile: Told | None = None,
    status: int,
) -> HttpResponse:
    """The same lead with everything that was typed, and what is wrong."""
    wanted = follow_up_context.asked(request)
    lead.refresh_from_db()
    typed = Typed(
        note=form.note,
        at=form.at,
        state=form.state,
        error=follow_up_words.field(error) if error else "",
        error_field="twice" if error == "twice" else error_field,
    )
    context = follow_up_context.whole(request, wanted, lead=lead, typed=typed, meanwhile=meanwhile)
    if not htmx.wants_part(request):
        return render(request, PAGE, context, status=status)
    return _part(request, context, "", status=status)


def _part(
    request: StaffRequest, context: dict[str, Any], address: str, *, status: int = 200
) -> HttpResponse:
    context |= undoing.bar_context(request) | {"bar": True}
    response = render(request, f"{PAGE}#queue", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return htmx.push_url(response, address) if address else response


def _dating(
    request: StaffRequest, lead: Lead, text: str, kind: str, status: int = 200
) -> HttpResponse:
    if not htmx.wants_part(request):
        if text:
            messages.warning(request, text)
        page = follow_up_context.lead_url(request, lead)
        return redirect(settled.came_from(request, instead=page))
    response = undoing.bar(request)
    response.status_code = status
    htmx.trigger(response, "lead:changed", {"lead": str(lead.pk)})
    return htmx.toast(response, text, kind) if text else response


def _told(told: Told, request: StaffRequest, event: LeadEvent) -> Told:
    zone, now = lead_context.zone_of(request), timezone.now()
    what = follow_up_words.outcome(event, zone, now)
    happened = str(told.happened).format(who=person_of(event.person), what=what)
    return Told(happened, told.ahead, told.can)


def _dated(request: StaffRequest, error: lead_edits.EditedMeanwhile) -> Told:
    at = moments.instant(error.conflicts[0].now)
    zone, now = lead_context.zone_of(request), timezone.now()
    what = follow_up_words.near(at, zone, now) if at else str(follow_up_words.NO_DATE)
    told = follow_up_words.DATED
    return Told(str(told.happened).format(what=what), told.ahead, told.can)
