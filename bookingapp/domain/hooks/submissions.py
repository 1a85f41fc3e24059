"""What the documented form webhook tells of a lead (contract 7.2). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bookingapp.domain.contact_fields import contact_of
from bookingapp.domain.hooks.telling import LONGEST_ID, instant_of, said, text_of
from bookingapp.domain.policy import Policy

# They hold no answer of the person who filled in the form.
NO_ANSWERS = frozenset({"captcha", "booking-calendar", "privacy"})
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Submission:
    """``data`` has our keys: those of the policy for name, phone and email, else the fields' own
    names or labels.
    """

    event: str
    form_id: str
    form_name: str
    submitted_at: datetime | None
    lead_id: str
    booking_id: str
    data: dict[str, Any] = field(default_factory=dict)
    interested_in: str = ""


def read(body: Mapping[str, Any], policy: Policy) -> Submission:
    return Submission(
        event=text_of(body.get("event"))[:80],
        form_id=text_of(body.get("formId"))[:LONGEST_ID],
        form_name=text_of(body.get("formName"))[:LONGEST_ID],
        submitted_at=instant_of(body.get("submittedAt")),
        lead_id=text_of(body.get("tableEntryId"))[:LONGEST_ID],
        booking_id=text_of(body.get("calendarBookingId"))[:LONGEST_ID],
        data=said(dict(_answers(body, policy))),
        interested_in=_interest(body),
    )


def missing(data: Mapping[str, Any], known: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Of ``data`` what a lead with ``known`` lacks. A form says what a lead began with: whatever
    was told otherwise is as new or newer. Who has a phone under another key needs none.
    """
    has, brings = contact_of(known, {}, policy), contact_of(data, {}, policy)
    pairs = (
        ((*policy.name_keys, *policy.first_name_keys, *policy.last_name_keys), has.name),
        (policy.phone_keys, has.phone and brings.phone),
        (policy.email_keys, has.email and brings.email),
    )
    known_already = {key for keys, value in pairs if value for key in keys}
    return {k: v for k, v in data.items() if k not in known and k not in known_already}


def _answers(body: Mapping[str, Any], policy: Policy) -> Iterator[tuple[str, Any]]:
    """(key, answer) of every field; what is told of no field in particular as it stands."""
    raw, resolved, context = (
        _object(body, name) for name in ("data", "resolvedData", "fieldContext")
    )
    told = {field_id: one for field_id, one in context.items() if isinstance(one, Mapping)}
    names = {text_of(one.get("name")) or field_id for field_id, one in told.items()}
    for field_id, one in list(told.items())[:MOST_FIELDS]:
        answer = _answer(field_id, one, raw, resolved)
        if answer is not None and text_of(one.get("type")) not in NO_ANSWERS:
            yield _key(field_id, one, policy), answer
    for key, answer in list({**raw, **resolved}.items())[:MOST_FIELDS]:
        if key not in told and key not in names and answer is not None:
            yield key, answer


def _answer(
    field_id: str, one: Mapping[str, Any], raw: Mapping[str, Any], resolved: Mapping[str, Any]
) -> Any:
    """The label rather than the id behind it."""
    for key in (text_of(one.get("name")), field_id):
        if resolved.get(key) is not None:
            return resolved[key]
    label = one.get("resolved")
    if isinstance(label, Mapping) and label.get("label") is not None:
        return label["label"]
    return raw.get(field_id)


def _key(field_id: str, one: Mapping[str, Any], policy: Policy) -> str:
    special = {
        "name": policy.name_keys,
        "firstName": policy.first_name_keys,
        "lastName": policy.last_name_keys,
        "phone": policy.phone_keys,
        "email": policy.email_keys,
    }
    by_type = {"tel": "phone", "email": "email"}
    kind = text_of(one.get("specialType")) or by_type.get(text_of(one.get("type")), "")
    own = text_of(one.get("name")) or text_of(one.get("label")) or field_id
    keys = special.get(kind, ())
    return (own if own in keys or not keys else keys[0])[:LONGEST_ID]


def _interest(body: Mapping[str, Any]) -> str:
    """The id behind the answer to a field that asks for an appointment type."""
    raw = _object(body, "data")
    for field_id, one in _object(body, "fieldContext").items():
        if isinstance(one, Mapping) and text_of(one.get("type")) == "appointment-type":
            return text_of(raw.get(field_id))[:LONGEST_ID]
    return ""


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}
