"""What one attempt sent and what came back, as names and values a person understands. Pure.

Connect's ids are looked up; one that nobody knows is left out rather than shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from bookingapp.domain.models import Attempt
from bookingapp.web.presenters import moments

Fact = tuple[str, str]
Names = Mapping[str, str]
LONGEST = 200


def target(attempt: Attempt, zone: ZoneInfo, names: Names) -> str:
    """What was asked of Connect, short: "14:30 with Jana", the delete, or the new lead."""
    body = _body(attempt)
    match attempt.sent.get("method"):
        case "DELETE":
            return gettext("deleting the appointment")
        case "PATCH":
            sets_state = "leadStateId" in body
            return gettext("setting the lead state") if sets_state else gettext("changing the lead")
    starts_at = moments.instant(body.get("startDateTime"))
    if starts_at is None:
        return gettext("new lead")
    who = names.get(str(body.get("resourceId")), "")
    hour = moments.hour(starts_at, zone)
    if not who:
        return hour
    return gettext("{time} with {resource}").format(time=hour, resource=who)


def facts(attempt: Attempt, zone: ZoneInfo, names: Names) -> Iterator[Fact]:
    """Sent, then answered, then the counts that were known."""
    body = _body(attempt)
    yield from _sent(body, zone, names)
    yield gettext("Answer"), _answer(attempt)
    yield from counts(attempt.evidence)


def counts(evidence: Mapping[str, Any]) -> Iterator[Fact]:
    """Seats taken before and after, as Connect counted them."""
    labels = {
        "before": gettext("Seats taken before"),
        "after": gettext("Seats taken after"),
    }
    for name, label in labels.items():
        seen = evidence.get(name)
        if isinstance(seen, Mapping) and seen:
            yield label, _seats(seen)


def _sent(body: Mapping[str, Any], zone: ZoneInfo, names: Names) -> Iterator[Fact]:
    start = moments.instant(body.get("startDateTime"))
    if start is not None:
        yield gettext("Time"), moments.spoken(start, moments.instant(body.get("endDateTime")), zone)
    labels = {
        "resourceId": gettext("Resource"),
        "appointmentTypeId": gettext("Appointment type"),
        "calendarId": gettext("Calendar"),
        "entryId": gettext("Lead"),
        "tableEntryId": gettext("Lead"),
        "tableId": gettext("Lead pool"),
        "leadStateId": gettext("Lead state"),
        "interestedInAppointmentTypeId": gettext("Interested in"),
    }
    known = [
        (label, names[str(body[key])]) for key, label in labels.items() if _known(body, key, names)
    ]
    yield from dict.fromkeys(known)
    if body.get("name"):
        yield pgettext("of a booking", "Label"), _cut(body["name"])
    yield from _instants(body, zone)
    yield from _data(body.get("data"), names)
    yield from _data(body.get("customFieldData"), names)


def _known(body: Mapping[str, Any], key: str, names: Names) -> bool:
    return bool(names.get(str(body.get(key))))


def _instants(body: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Fact]:
    labels = {"followUpDate": gettext("Follow-up"), "firstOpenedAt": gettext("First opened")}
    for key, label in labels.items():
        if key in body:
            at = moments.instant(body[key])
            yield label, moments.dated(at, zone) if at else gettext("removed")


def _data(data: object, names: Names) -> Iterator[Fact]:
    """In a patch null is a key that is deleted."""
    if isinstance(data, Mapping):
        for key, value in list(data.items())[:20]:
            name = str(names.get(str(key)) or key)[:60]
            if isinstance(value, str | int | float):
                yield name, _cut(value)
            elif value is None:
                yield name, gettext("removed")


def _answer(attempt: Attempt) -> str:
    if attempt.outcome == "done":
        return gettext("accepted")
    status = str(attempt.status) if attempt.status else gettext("none that could be read")
    return f"{status} – {attempt.message}" if attempt.message else status


def _seats(seen: Mapping[str, Any]) -> str:
    if not seen.get("listed"):
        return gettext("could not be seen")
    return gettext("{taken} of {capacity}").format(
        taken=seen.get("booked"), capacity=seen.get("capacity")
    )


def _body(attempt: Attempt) -> Mapping[str, Any]:
    body = attempt.sent.get("body")
    return body if isinstance(body, Mapping) else {}


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
