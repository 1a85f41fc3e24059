"""Changing what is known of a lead: a merge patch with only what changes, and never silently over
what somebody else has changed meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import journal
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.merge_patch import between, merged
from bookingapp.domain.models import Lead, Organisation, Write
from bookingapp.domain.states import TERMINAL, Kind

# Members by our names (connect.LeadChanges); the first two hold keys of their own.
KEYED = ("data", "custom_field_data")
PLAIN = ("first_opened_at", "follow_up_at", "interested_in_appointment_type_id")
Path = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """``path``: member and key (key "" for plain members). Absent values are None."""

    path: Path
    seen: Any
    now: Any
    # Whose change is still on its way; None: Connect has it already.
    write: Write | None = None


class EditedMeanwhile(DomainError):
    """Somebody changed the same fields after the form was shown; nothing was taken down."""

    code = "edited_meanwhile"

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} fields were changed meanwhile")
        self.conflicts = conflicts


def present(lead: Lead) -> dict[str, Any]:
    """The lead as it will be when all that is on its way has arrived; instants are ISO texts."""
    return _after(lead, [write.payload["changes"] for write in on_their_way(lead)])


def on_their_way(lead: Lead) -> list[Write]:
    """The edits of ``lead`` that have not ended, oldest first."""
    edits = lead.writes.filter(kind=Kind.EDIT_LEAD).exclude(state__in=TERMINAL)
    return list(edits.select_related("person").order_by("created_at", "pk"))


def ask(
    organisation: Organisation,
    person: Any,
    lead: Lead,
    changes: Mapping[str, Any],
    *,
    intent: uuid.UUID,
    now: datetime,
    seen: Mapping[Path, Any] | None = None,
    hold_seconds: float = 0.0,
) -> Write | None:
    """The write that makes ``changes`` (a merge patch by our names), or None when nothing changes.

    ``seen``: what the form showed at each path. Raises EditedMeanwhile where that is not so any
    more, Invalid for a lead that Connect does not have, journal.IntentReused.
    """
    if not lead.connect_id:
        raise Invalid({"lead": "not_created"})
    with transaction.atomic():
        lead = Lead.objects.select_for_update().get(pk=lead.pk)
        if known := _same_intent(organisation, intent, changes):
            return known
        if found := _conflicts(lead, changes, seen or {}):
            raise EditedMeanwhile(found)
        before = present(lead)
        needed = _needed(before, changes)
        if not needed:
            return None
        payload = {"changes": needed, "asked": _texts(changes), "old": _old(before, needed)}
        request = journal.Request(
            organisation,
            Kind.EDIT_LEAD,
            intent,
            person,
            payload,
            lead=lead,
            hold_seconds=hold_seconds,
        )
        return journal.open_write(request, now=now)[0]


def _after(lead: Lead, patches: list[dict[str, Any]]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "data": lead.data,
        "custom_field_data": lead.custom_field_data,
        "first_opened_at": _plain(lead.first_opened_at),
        "follow_up_at": _plain(lead.follow_up_at),
        "interested_in_appointment_type_id": lead.interested_in_connect_id or None,
    }
    for patch in patches:
        for member, value in patch.items():
            known[member] = merged(known[member], value) if member in KEYED else _plain(value)
    return known


def _same_intent(
    organisation: Organisation, intent: uuid.UUID, changes: Mapping[str, Any]
) -> Write | None:
    known = Write.objects.filter(organisation=organisation, kind=Kind.EDIT_LEAD, intent=intent)
    write = known.first()
    if write is not None and write.payload["asked"] != _texts(changes):
        raise journal.IntentReused(write)
    return write


def _conflicts(lead: Lead, changes: Mapping[str, Any], seen: Mapping[Path, Any]) -> list[Conflict]:
    known, open_edits = present(lead), on_their_way(lead)
    found = []
    for path in paths_of(changes):
        if path in seen and seen[path] != value_at(known, path) != _wanted(known, changes, path):
            now = value_at(known, path)
            found.append(Conflict(path, seen[path], now, _newest(open_edits, path)))
    return found


def _newest(edits: list[Write], path: Path) -> Write | None:
    theirs = (write for write in reversed(edits) if path in paths_of(write.payload["changes"]))
    return next(theirs, None)


def paths_of(changes: Mapping[str, Any]) -> Iterator[Path]:
    """Member and key of everything that ``changes`` touches."""
    for member, value in changes.items():
        if member in KEYED:
            yield from ((member, key) for key in value)
        else:
            yield member, ""


def value_at(known: Mapping[str, Any], path: Path) -> Any:
    """What a lead (as ``present`` gives it) has at ``path``; None for nothing."""
    member, key = path
    value = known.get(member)
    return value.get(key) if member in KEYED and isinstance(value, Mapping) else value


def _wanted(known: Mapping[str, Any], changes: Mapping[str, Any], path: Path) -> Any:
    member, key = path
    if member in KEYED:
        return merged(known[member], changes[member]).get(key)
    return _plain(changes[member])


def _needed(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Of ``changes`` what is not so already."""
    needed: dict[str, Any] = {}
    for member, value in changes.items():
        if member in KEYED:
            if patch := between(before[member], merged(before[member], value)):
                needed[member] = patch
        elif _plain(value) != before[member]:
            needed[member] = _plain(value)
    return needed


def _old(before: Mapping[str, Any], needed: Mapping[str, Any]) -> dict[str, Any]:
    """What was there before, for the timeline."""
    old: dict[str, Any] = {}
    for member, key in paths_of(needed):
        if member in KEYED:
            old.setdefault(member, {})[key] = before[member].get(key)
        else:
            old[member] = before[member]
    return old


def _texts(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in KEYED else _plain(value) for name, value in changes.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
