"""What an edit of a lead changes, field by field and in plain words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bookingapp.domain import lead_edits
from bookingapp.domain.lead_edits import Path
from bookingapp.domain.merge_patch import merged
from bookingapp.domain.models import Write
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.web.presenters import moments

LONGEST_NAME = 60
LONGEST_VALUE = 200
INSTANTS = frozenset({"follow_up_at", "first_opened_at"})


def of(write: Write, zone: ZoneInfo, names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, before and after of everything that an EDIT_LEAD write changes; "" for nothing.

    ``names``: what Connect's ids stand for.
    """
    changes, old = write.payload["changes"], write.payload.get("old", {})
    policy = policy_of(write.organisation.settings)
    for path in lead_edits.paths_of(changes):
        before, after = (lead_edits.value_at(told, path) for told in (old, changes))
        yield (
            name_of(path, policy),
            said(before, path, zone, names),
            said(_merged(before, after), path, zone, names),
        )


def name_of(path: Path, policy: Policy) -> str:
    """What people call the field at ``path``; a key nobody named stands as Connect has it."""
    member, key = path
    match member:
        case "follow_up_at":
            return gettext("Follow-up")
        case "first_opened_at":
            return gettext("First opened")
        case "interested_in_appointment_type_id":
            return gettext("Interested in")
    known = policy.custom_field_names.get(key, key) if member == "custom_field_data" else key
    return known if len(known) <= LONGEST_NAME else f"{known[:LONGEST_NAME]}…"


def said(value: Any, path: Path, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    """A value from outside as a short text: whatever it is, it is bounded."""
    if value is None or value == "":
        return ""
    if path[0] in INSTANTS and (at := moments.instant(value)):
        return moments.dated(at, zone)
    if path[0] == "interested_in_appointment_type_id":
        return names.get(str(value), "") or gettext("not known here")
    return _cut(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _merged(before: Any, after: Any) -> Any:
    """An object is told whole, as it will be, not only the part of it that is sent."""
    if isinstance(after, Mapping):
        return merged(before, after)
    return after


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
