"""What the follow-up queue shows: the list, and one lead with what is needed to call it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import (
    booking_filter,
    catalogue,
    follow_up_outcomes,
    follow_ups,
    lead_advice,
    leads,
)
from bookingapp.domain.follow_ups import Counts, Listing, Queue
from bookingapp.domain.models import Lead, LeadEvent, Write
from bookingapp.domain.states import State
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import follow_up_row, follow_up_words, lead_card
from bookingapp.web.presenters.lead_story import name_of
from bookingapp.web.views import follow_up_lead, lead_context
from bookingapp.web.views.follow_up_lead import Typed

# An outcome that nothing is sent for can be taken back for so long.
UNDO_SHOWN = timedelta(minutes=2)
# What a colleague noted is told beside the lead for so long.
LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome that was just noted. ``seconds`` for which it can be taken back; 0: not."""

    pk: int
    who: str
    what: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Others:
    """``names``: who else is on the lead; ``who`` has just noted ``what`` about it."""

    names: str = ""
    who: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the queue says; ``lead`` and ``done`` may be None."""

    pool: int | None
    lead: Lead | None
    done: LeadEvent | None


def asked(request: StaffRequest) -> Asked:
    """From the query, or from the form that carries it on; what is not understood is left out."""
    told = request.POST if request.method == "POST" else request.GET
    pool = told.get("pool", "")
    known = {one.pk for one in catalogue.snapshot(request.organisation).pools}
    number = int(pool) if pool.isascii() and pool.isdigit() and len(pool) < 18 else None
    return Asked(
        pool=number if number in known or number == 0 else None,
        lead=_lead(request, told.get("lead", "")),
        done=_event(request, request.GET.get("done", "")),
    )


def queue_of(request: StaffRequest, pool: int | None) -> Queue:
    now = timezone.now()
    zone = lead_filter.zone_of(request.organisation)
    today = booking_filter.local_day(zone, now)
    return Queue(request.organisation, pool, now, *booking_filter.day_span(zone, today, today))


def choose(request: StaffRequest, queue: Queue, listing: Listing) -> Lead | None:
    """Whom to begin with: the first that nobody else is on, else the first."""
    on = lead_advice.who(request.organisation, request.user, now=queue.now)
    free = (lead for lead in listing.queue if str(lead.pk) not in on)
    return next(free, None) or queue.head()


def next_of(request: StaffRequest, queue: Queue, lead: Lead) -> Lead | None:
    """After the outcome of ``lead``: the next that nobody else is on, else whoever is left."""
    on = lead_advice.who(request.organisation, request.user, now=queue.now)
    place = queue.place_of(lead)
    after = queue.after(place)
    # A bound, should everybody be on the phone.
    for _ in range(20):
        if after is None or str(after.pk) not in on:
            break
        after = queue.after(queue.place_of(after))
    return after or choose(request, queue, queue.listing())


def whole(
    request: StaffRequest,
    wanted: Asked,
    *,
    lead: Lead | None,
    done: LeadEvent | None = None,
    typed: Typed | None = None,
    meanwhile: Any = None,
) -> dict[str, Any]:
    """The page. ``meanwhile``: why an outcome was not taken (Told)."""
    queue = queue_of(request, wanted.pool)
    if lead is not None:
        lead_advice.note(request.organisation, request.user, lead.pk, now=queue.now)
    context = listed(request, wanted, queue, lead=lead, done=done or wanted.done)
    if lead is not None:
        context |= follow_up_lead.shown(
            request, queue, lead, typed or Typed(), meanwhile, context["zone"]
        )
    return context


def listed(
    request: StaffRequest,
    wanted: Asked,
    queue: Queue,
    *,
    lead: Lead | None,
    done: LeadEvent | None,
) -> dict[str, Any]:
    """The list beside the lead, and the head of the page."""
    zone = lead_context.zone_of(request)
    on = lead_advice.who(request.organisation, request.user, now=queue.now)
    listing, counts = queue.listing(), queue.counts()
    here = lead.pk if lead else None
    others = _others(request, lead, on, zone, queue.now) if lead else Others()
    told = {"zone": zone, "now": queue.now, "here": here, "on": on}
    parts = {
        name: follow_up_row.rows(found, **told)  # type: ignore[arg-type]  # the same for each
        for name, found in (
            ("due", listing.due),
            ("first", listing.first),
            ("later", listing.later),
        )
    }
    return {
        "slug": request.organisation.slug,
        "zone": zone,
        "queue_url": reverse("follow-ups", kwargs={"slug": request.organisation.slug}),
        "kept": urlencode({} if wanted.pool is None else {"pool": wanted.pool}),
        "pool": wanted.pool,
        "pools": catalogue.snapshot(request.organisation).used_pools,
        "parts": parts,
        "more": _more(listing, counts),
        "counts": counts,
        "lead": lead,
        "done": _done(request, done, zone, queue.now),
        "clock_words": follow_up_row.clock_words(),
        "others": others,
        "stamp": _stamp(parts, counts, others),
        "most": follow_ups.MOST_COUNTED,
    }


def _done(
    request: StaffRequest, event: LeadEvent | None, zone: ZoneInfo, now: datetime
) -> Done | None:
    if event is None or "undone" in event.details:
        return None
    return Done(
        pk=event.pk,
        who=lead_card.name_of(event.lead),
        what=follow_up_words.outcome(event, zone, now),
        seconds=_seconds(event, now) if event.person_id == request.user.pk else 0,
    )


def _seconds(event: LeadEvent, now: datetime) -> int:
    writes = event.details.get("writes", [])
    if not writes:
        return max(int((event.at + UNDO_SHOWN - now).total_seconds()), 0)
    held = Write.objects.filter(pk__in=writes, state=State.HELD).order_by("due_at").first()
    return max(int((held.due_at - now).total_seconds()), 0) if held and held.due_at else 0


def _more(listing: Listing, counts: Counts) -> dict[str, int]:
    return {
        "due": counts.due - len(listing.due),
        "first": counts.first - len(listing.first),
        "later": counts.later - len(listing.later),
    }


def _others(
    request: StaffRequest, lead: Lead, on: dict[str, list[str]], zone: ZoneInfo, now: datetime
) -> Others:
    last = follow_up_outcomes.newest(lead)
    is_theirs = last is not None and last.person_id != request.user.pk and last.at > now - LATELY
    return Others(
        names=", ".join(on.get(str(lead.pk), [])),
        who=name_of(last.person) if last and is_theirs else "",
        what=follow_up_words.outcome(last, zone, now) if last and is_theirs else "",
    )


def _stamp(parts: dict[str, list[follow_up_row.Row]], counts: Counts, others: Others) -> str:
    told = repr([[one.stamp for one in rows] for rows in parts.values()]) + repr((counts, others))
    return hashlib.blake2b(told.encode(errors="replace"), digest_size=8).hexdigest()


def _lead(request: StaffRequest, text: str) -> Lead | None:
    try:
        lead = leads.find(request.organisation, UUID(text))
    except ValueError:
        return None
    if lead is None or lead.never_created:
        return None
    lead.organisation = request.organisation
    return lead


def _event(request: StaffRequest, text: str) -> LeadEvent | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    events = LeadEvent.objects.filter(
        lead__organisation=request.organisation, kind=LeadEvent.Kind.OUTCOME
    )
    return events.filter(pk=int(text)).select_related("lead").first()


def address(request: StaffRequest, pool: int | None, **more: object) -> str:
    """Of the queue, with what it is narrowed to."""
    place = reverse("follow-ups", kwargs={"slug": request.organisation.slug})
    query = ({} if pool is None else {"pool": pool}) | {
        name: value for name, value in more.items() if value is not None
    }
    return f"{place}?{urlencode(query)}" if query else place


def lead_url(request: StaffRequest, lead: Lead) -> str:
    return reverse("lead-detail", kwargs={"slug": request.organisation.slug, "pk": lead.pk})
