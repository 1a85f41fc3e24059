"""What stands beside the story of a lead: its appointments, its dates, what it waits for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.domain import catalogue, follow_up_dates, lead_ahead, lead_edits
from bookingapp.domain.models import Booking, Lead, WaitingMark
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import follow_up_words, lead_sheet, moments, sentences
from bookingapp.web.presenters import waiting as waiting_words
from bookingapp.web.views.lead_standing import state_of, zone_of

PAST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Appointment:
    pk: uuid.UUID
    when: str
    whom: str
    is_asked: bool = False
    is_gone: bool = False


def beside(request: StaffRequest, lead: Lead, *, now: datetime) -> dict[str, Any]:
    """Appointments, waiting marks and dates."""
    past = Booking.objects.filter(lead=lead).exclude(gone_at=None, ends_at__gt=now)
    past = past.select_related("calendar", "resource").order_by("-starts_at")
    marks = WaitingMark.objects.filter(lead=lead, ended_at=None).order_by("created_at")
    marks = marks.select_related("lead", "calendar", "appointment_type", "booking", "created_by")
    zone = zone_of(request)
    snapshot = catalogue.snapshot(request.organisation)
    known = lead_edits.present(lead)
    interest = known["interested_in_appointment_type_id"]
    kind = snapshot.type_by_connect_id(interest or "")
    return {
        "ahead": [_ahead(one) for one in lead_ahead.of(lead, now=now)],
        "past": [_past(one) for one in past[:PAST_SHOWN]],
        "past_more": max(past.count() - PAST_SHOWN, 0),
        "marks": [waiting_words.row(one, now=now) for one in marks],
        "interest": kind.name or kind.connect_id if kind else interest or "",
        "is_interest_known": kind is not None,
        "dates": _dates(lead, known, zone),
        "call": lead_sheet.call_of(lead.phone),
        "mail": lead_sheet.mail_of(lead.email),
        "state": state_of(request, lead),
        **_following_up(lead, known, zone, now),
    }


def _following_up(
    lead: Lead, known: dict[str, Any], zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    """For the form of the follow-up date."""
    moving = [
        write
        for write in lead_edits.on_their_way(lead)
        if "follow_up_at" in write.payload["changes"]
    ]
    row = moving[-1] if moving else None
    return {
        "follow_up_intent": uuid.uuid4(),
        "follow_up_seen": known["follow_up_at"] or "",
        "follow_up_title": sentences.title(row.kind, row.state, row.reason) if row else "",
        "follow_up_choices": [
            (one, follow_up_words.CHOICES[one.code]) for one in follow_up_dates.choices(now, zone)
        ],
        "earliest": now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    }


def _ahead(one: lead_ahead.Ahead) -> Appointment:
    when = moments.spoken(one.starts_at, one.ends_at, moments.zone_of(one.zone))
    return Appointment(one.pk, when, one.resource_name, is_asked=one.on_its_way)


def _past(one: Booking) -> Appointment:
    when = moments.dated(one.starts_at, moments.zone_of(one.calendar.zone))
    return Appointment(one.pk, when, str(one.resource), is_gone=one.gone_at is not None)


def _dates(lead: Lead, known: dict[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """In the words of the page; "" for what is not known."""
    told = {
        "created": lead.created_at,
        "opened": moments.instant(known["first_opened_at"]),
        "follow_up": moments.instant(known["follow_up_at"]),
    }
    return {name: moments.dated(at, zone) if at else "" for name, at in told.items()}
