"""One lead of the queue, with what is needed to call it and to say what became of the call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.domain import (
    follow_up_dates,
    follow_up_outcomes,
    follow_ups,
    lead_edits,
    lead_opening,
    lead_schema,
)
from bookingapp.domain.follow_ups import Queue
from bookingapp.domain.models import Lead, LeadEvent
from bookingapp.domain.policy import policy_of
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import follow_up_row, follow_up_words, lead_sheet
from bookingapp.web.presenters.lead_story import name_of
from bookingapp.web.presenters.reasons import Text
from bookingapp.web.views import lead_context, lead_states

# Of what is known of a lead so many fields and notes stand beside the call.
FIELDS_SHOWN, NOTES_SHOWN = 8, 4


@dataclass(frozen=True, slots=True)
class Note:
    at: str
    who: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """When to call again, one key away."""

    code: str
    key: int
    text: Text
    when: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form that was not accepted had in it, and what is wrong (code)."""

    note: str = ""
    at: str = ""
    state: str = ""
    error: str = ""
    error_field: str = ""


def shown(
    request: StaffRequest, queue: Queue, lead: Lead, typed: Typed, meanwhile: Any, zone: ZoneInfo
) -> dict[str, Any]:
    """One lead with what is needed to call it. A number of queries that does not grow."""
    place = queue.place_of(lead)
    before, after = queue.before(place), queue.after(place)
    last = follow_up_outcomes.newest(lead)
    known = lead_edits.present(lead)
    row = follow_up_row.row(lead, zone=zone, now=queue.now, is_here=True, names=[])
    choices = follow_up_dates.choices(queue.now, zone)
    return {
        **lead_context.beside(request, lead, now=queue.now),
        "row": row,
        "before": before,
        "after": after,
        "fields": _fields(request, lead, known),
        "notes": _notes(lead, zone, queue.now),
        "in_a_row": _in_a_row(lead),
        "is_first": lead_opening.is_due(lead),
        "lead_state": lead_states.of(request, lead),
        "choices": [_choice(one, zone, queue.now) for one in choices],
        "own_key": len(follow_up_words.CHOICES) + 1,
        "intent": uuid.uuid4(),
        "seen": last.pk if last else 0,
        "seen_date": known["follow_up_at"] or "",
        "typed": typed,
        "meanwhile": meanwhile,
        "earliest": queue.now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    }


def _choice(one: follow_up_dates.Choice, zone: ZoneInfo, now: datetime) -> Choice:
    """Its key is always the same, also where another one is not offered."""
    words = follow_up_words.CHOICES
    key = list(words).index(one.code) + 1
    return Choice(one.code, key, words[one.code], follow_up_words.near(one.at, zone, now))


def _fields(request: StaffRequest, lead: Lead, known: dict[str, Any]) -> list[Any]:
    """What else is known; how to reach it stands above already."""
    policy = policy_of(request.organisation.settings).of_pool(lead.pool)
    contact = {*policy.name_keys, *policy.first_name_keys, *policy.last_name_keys}
    contact |= {*policy.phone_keys, *policy.email_keys}
    found = lead_sheet.fields(known, lead_schema.descriptors(lead.pool), policy)
    there = (field for field in found if field.is_there and not field.is_folded)
    telling = (one for one in there if one.path[1] not in contact and one.shown.strip())
    # An id says nothing to whoever is about to call.
    named = (one for one in telling if one.path[0] == lead_sheet.DATA or one.about.label)
    return list(named)[:FIELDS_SHOWN]


def _notes(lead: Lead, zone: ZoneInfo, now: datetime) -> list[Note]:
    kinds = [LeadEvent.Kind.NOTE, LeadEvent.Kind.OUTCOME]
    events = follow_ups.counting(LeadEvent.objects.filter(lead=lead, kind__in=kinds))
    newest = events.select_related("person").order_by("-at", "-pk")[:NOTES_SHOWN]
    return [
        Note(
            at=follow_up_words.near(one.at, zone, now),
            who=name_of(one.person),
            title=follow_up_words.outcome(one, zone, now)
            if one.kind == LeadEvent.Kind.OUTCOME
            else "",
            text=one.text,
        )
        for one in newest
    ]


def _in_a_row(lead: Lead) -> int:
    """How often it was not reached since it last was."""
    events = LeadEvent.objects.filter(lead=lead, kind=LeadEvent.Kind.OUTCOME)
    newest = follow_ups.counting(events).order_by("-at", "-pk")[:20]
    return follow_up_outcomes.not_reached_in_a_row(list(newest))
