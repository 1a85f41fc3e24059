"""The next slots that fit a lead, each one key away: B, Enter books."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import (
    advice,
    bookings,
    catalogue,
    consequences,
    journal,
    lead_ahead,
    lead_interest,
    leads,
    next_slots,
)
from bookingapp.domain.catalogue import AppointmentType
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.next_slots import WAITING, Found
from bookingapp.domain.slots import SlotRef
from bookingapp.web import drafts, htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import availability_state, consequence
from bookingapp.web.presenters import lead_slots as words
from bookingapp.web.views import bookings as booking_views
from bookingapp.web.views import settled, write_facts

PAGE = "leads/slots.html"
CONFLICT, UNREADABLE = 409, 422


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the form asks for: a slot of a calendar. Raises ValueError when it cannot be read."""

    intent: UUID
    calendar_pk: int
    type_pk: int
    ref: SlotRef

    @classmethod
    def of(cls, request: StaffRequest) -> _Wanted:
        calendar, _, ref = request.POST.get("slot", "").partition(".")
        return cls(
            intent=uuid.UUID(request.POST.get("intent", "")),
            calendar_pk=_number(calendar),
            type_pk=_number(request.POST.get("type", "")),
            ref=SlotRef.parse(ref),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def slots(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the next three, of the ``type`` asked for or the one that fits. POST ``slot``: books it;
    ``elsewhere``: to the grid, with the lead kept.
    """
    lead = leads.find(request.organisation, pk)
    if lead is None or lead.never_created:
        raise Http404
    if request.method != "POST":
        return _offer(request, lead)
    return _elsewhere(request, lead) if "elsewhere" in request.POST else _book(request, lead)


def _book(request: StaffRequest, lead: Lead) -> HttpResponse:
    try:
        wanted = _Wanted.of(request)
        write = _asked(request, lead, wanted)
    except ValueError:
        return _offer(request, lead, note="unreadable", status=UNREADABLE)
    except Invalid as error:
        code = next(iter(error.fields.values()), "unreadable")
        return _offer(request, lead, note=code, status=UNREADABLE)
    except SlotGone:
        return _offer(request, lead, note="slot_gone", status=CONFLICT)
    except bookings.AlreadyBooked as error:
        return _offer(request, lead, note="already_booked", other=error.write, status=CONFLICT)
    except journal.IntentReused as error:
        return _offer(request, lead, note="intent_reused", other=error.write, status=CONFLICT)
    settled.wake_first(write)
    advice.forget(request.organisation, request.user, now=timezone.now())
    if not htmx.wants_part(request):
        return htmx.redirect(request, write_facts.url(write))
    return booking_views.status_part(request, write)


def _asked(request: StaffRequest, lead: Lead, wanted: _Wanted) -> Write:
    asked = bookings.Asked(
        intent=wanted.intent,
        calendar_pk=wanted.calendar_pk,
        type_pk=wanted.type_pk,
        ref=wanted.ref,
        lead=lead,
    )
    return bookings.ask(request.organisation, request.user, asked, now=timezone.now())[0]


def _elsewhere(request: StaffRequest, lead: Lead) -> HttpResponse:
    """The lead comes along to the grid, as it does when a time was taken."""
    drafts.keep(request, {"lead": str(lead.pk)})
    chosen = lead_interest.of(lead, chosen=_number(request.POST.get("type", "")))
    return htmx.redirect(request, _grid_url(request, chosen.kind, request.POST.get("calendar", "")))


def _offer(
    request: StaffRequest,
    lead: Lead,
    *,
    note: str = "",
    other: Write | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    query = request.POST if request.method == "POST" else request.GET
    interest = lead_interest.of(lead, chosen=_number(query.get("type", "")))
    has = lead_ahead.of(lead, now=now)
    found = None
    if interest.kind is not None:
        busy = [(one.starts_at, one.ends_at) for one in has]
        from_day = availability_state.day_of(request.GET.get("from", ""))
        found = next_slots.find(
            request.organisation, interest.kind, now=now, from_day=from_day, busy=busy
        )
    ahead = words.ahead(
        has, request.organisation.slug, type_id=interest.kind.connect_id if interest.kind else ""
    )
    context = {
        "lead": lead,
        "slug": request.organisation.slug,
        "interest": interest,
        "why": words.WHY[interest.why],
        "types": catalogue.snapshot(request.organisation).types,
        "ahead": ahead,
        "has_same": any(one.same_type for one in ahead),
        "note": words.NOTES.get(note, words.NOTES["unreadable"]) if note else None,
        "other_url": write_facts.url(other) if other else "",
        "intent": uuid.uuid4(),
        "line": consequence.line(consequences.of_booking(new_lead=False)),
        **(_found(request, lead, interest.kind, found) if interest.kind and found else {}),
    }
    return htmx.render_part(request, PAGE, "part", context, status=status)


def _found(
    request: StaffRequest, lead: Lead, kind: AppointmentType, found: Found
) -> dict[str, Any]:
    here = reverse("lead-slots", kwargs={"slug": request.organisation.slug, "pk": lead.pk})
    later = urlencode({"type": kind.pk, "from": found.until.isoformat()})
    return {
        "found": found,
        "rows": words.rows(found, now=timezone.now()),
        "missing": words.missing(found),
        "nothing": words.nothing(found),
        "is_loading": found.problem == WAITING and not found.slots,
        "first_calendar": found.slots[0].calendar.pk if found.slots else "",
        "again_url": f"{here}?{urlencode({'type': kind.pk})}",
        "later_url": f"{here}?{later}",
    }


def _grid_url(request: StaffRequest, kind: AppointmentType | None, calendar: str) -> str:
    """The grid with the type chosen, in the calendar of the first slot or one that offers it."""
    known = catalogue.snapshot(request.organisation)
    offering = [
        one for one in known.used_calendars if kind and known.resources_for(one.pk, kind.pk)
    ]
    there = next((one for one in offering if str(one.pk) == calendar), None)
    there = there or next(iter(offering), None)
    address = reverse("availability", kwargs={"slug": request.organisation.slug})
    if kind is None or there is None:
        return address
    return f"{address}?{urlencode({'calendar': there.pk, 'type': kind.pk, 'view': 'week'})}"


def _number(text: str) -> int:
    """0 for what is no key of a row."""
    is_key = text.isascii() and text.isdigit() and len(text) <= availability_state.LONGEST_ID
    return int(text) if is_key else 0
