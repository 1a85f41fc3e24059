"""The story of a lead in plain words: one line per thing that happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain.lead_story import Moment, What
from bookingapp.domain.models import Booking, LeadEvent, Write
from bookingapp.domain.policy import Policy
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web import words
from bookingapp.web.presenters import (
    changes_told,
    follow_up_words,
    lead_changes,
    lead_words,
    moments,
    sentences,
)
from bookingapp.web.presenters.changes_told import Change
from bookingapp.web.presenters.timeline import Reader

LONGEST_CHANGES = 12
_HAS_PAGE = frozenset({Kind.BOOK, Kind.RESCHEDULE, Kind.CANCEL})


@dataclass(frozen=True, slots=True)
class Line:
    """``page`` is the key of the booking or write whose page tells more; ``note`` keeps its lines;
    ``more`` counts the changes that are not shown.
    """

    tone: str
    icon: str
    title: str
    at: str
    instant: Any
    who: str = ""
    text: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    more: int = 0
    page: str = ""
    is_open: bool = False


def line(moment: Moment, reader: Reader, policy: Policy) -> Line:
    match moment.what:
        case What.WRITE:
            return _write(moment, moment.about, reader)
        case What.EVENT:
            return _event(moment, moment.about, reader, policy)
        case What.BOOKED_ELSEWHERE | What.GONE_ELSEWHERE:
            return _booking(moment, moment.about, reader)
    text = lead_words.MOMENTS[What.CREATED]
    return _line(moment, reader, tone="quiet", icon="person", title=str(text))


def _write(moment: Moment, write: Write, reader: Reader) -> Line:
    changes = list(_changes(write, reader))
    told = sentences.reason(write.reason, write.kind) if write.state != State.DONE else None
    messages = [str(text)[:300] for text in write.result.get("messages", ())[:3]]
    quotes = [gettext("Connect: “{text}”").format(text=text) for text in messages]
    parts = [str(told.happened) if told else "", *(quotes if write.state == State.REFUSED else ())]
    return _line(
        moment,
        reader,
        tone=words.TONES.get(write.state, "quiet"),
        icon=words.STATE_ICONS.get(write.state, "info"),
        title=str(sentences.title(write.kind, write.state, write.reason)),
        who=name_of(write.person),
        text=" ".join(part for part in parts if part),
        changes=tuple(changes[:LONGEST_CHANGES]),
        more=max(len(changes) - LONGEST_CHANGES, 0),
        page=str(write.pk) if write.kind in _HAS_PAGE else "",
        is_open=write.state not in TERMINAL,
    )


def _changes(write: Write, reader: Reader) -> Any:
    try:
        return tuple(changes_told.of(write, reader.zone, reader.names))
    except (KeyError, TypeError, ValueError):
        # A row of an older version may lack a part of its payload: its headline still stands.
        return ()


def _event(moment: Moment, event: LeadEvent, reader: Reader, policy: Policy) -> Line:
    icons = {"note": "list", "state": "move", "outcome": "phone", "told": "globe"}
    return _line(
        moment,
        reader,
        tone="busy" if event.kind == LeadEvent.Kind.NOTE else "quiet",
        icon=icons.get(event.kind, "info"),
        title=_event_title(event, reader),
        who=name_of(event.person),
        text=_source(event) if event.kind != LeadEvent.Kind.NOTE else "",
        note=event.text,
        changes=tuple(_told(event, reader, policy)),
    )


def _event_title(event: LeadEvent, reader: Reader) -> str:
    if event.kind != LeadEvent.Kind.OUTCOME:
        return str(lead_words.MOMENTS.get(event.kind, lead_words.MOMENTS["told"]))
    outcome = follow_up_words.outcome(event, reader.zone, reader.now)
    if "undone" in event.details:
        return gettext("{outcome} (taken back)").format(outcome=outcome)
    return outcome


def _told(event: LeadEvent, reader: Reader, policy: Policy) -> Any:
    details = event.details
    if event.kind == LeadEvent.Kind.STATE:
        before, after = (_state(details.get(name), reader) for name in ("from", "to"))
        return [Change(gettext("Lead state"), before, after)]
    keys = details.get("keys")
    if not isinstance(keys, list):
        return []
    named = [lead_changes.name_of(("data", str(key)), policy) for key in keys[:LONGEST_CHANGES]]
    return [Change(gettext("Fields"), "", ", ".join(named))]


def _state(connect_id: Any, reader: Reader) -> str:
    return reader.names.get(str(connect_id or ""), "") or gettext("not known here")


def _booking(moment: Moment, booking: Booking, reader: Reader) -> Line:
    was = changes_told.place_of(booking, moments.zone_of(booking.calendar.zone))
    is_gone = moment.what == What.GONE_ELSEWHERE
    before, after = (was, "") if is_gone else ("", was)
    return _line(
        moment,
        reader,
        tone="quiet",
        icon="cross" if is_gone else "calendar",
        title=str(lead_words.MOMENTS[moment.what]),
        changes=(Change(gettext("Appointment"), before, after),),
        page=str(booking.pk),
    )


def _source(event: LeadEvent) -> str:
    return str(lead_words.SOURCES.get(event.source, ""))


def name_of(person: Any) -> str:
    return str(person.get_full_name() or person.get_username()) if person else ""


def _line(moment: Moment, reader: Reader, **told: Any) -> Line:
    at = moments.stamp(moment.at, reader.zone, near=reader.now)
    if moment.at.astimezone(reader.zone).year != reader.now.astimezone(reader.zone).year:
        at = moments.dated(moment.at, reader.zone)
    return Line(at=at, instant=moment.at, **told)
