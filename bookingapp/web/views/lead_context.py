"""What the page of a lead and its parts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from bookingapp.domain import (
    catalogue,
    lead_edits,
    lead_opening,
    lead_schema,
)
from bookingapp.domain import lead_story as stories
from bookingapp.domain.lead_edits import Path
from bookingapp.domain.models import Lead, LeadEvent, LeadState, Write
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web import words
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import (
    lead_changes,
    lead_sheet,
    lead_story,
    sentences,
)
from bookingapp.web.presenters.lead_sheet import Field
from bookingapp.web.presenters.reasons import Text, Told
from bookingapp.web.presenters.timeline import Reader
from bookingapp.web.views import lead_from, lead_states, write_facts
from bookingapp.web.views.lead_beside import beside
from bookingapp.web.views.lead_standing import standings, zone_of

# The queue of the day shows some of it too.
__all__ = ["beside", "data", "names", "stamp", "story", "whole", "zone_of"]


@dataclass(frozen=True, slots=True)
class Troubled:
    """An edit that Connect did not take, where it was asked for."""

    write: Write
    wanted: str
    told: Told
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the page shows it; ``pending``: how the edit that is on its way stands."""

    field: Field
    pending: Text = ""
    tone: str = ""
    icon: str = ""
    trouble: Troubled | None = None


def whole(request: StaffRequest, lead: Lead, *, now: datetime) -> dict[str, Any]:
    """For the page."""
    came = lead_from.of(request, lead, now=now)
    return {
        **_shared(request, lead),
        **data(request, lead, now=now),
        **story(request, lead, now=now),
        **beside(request, lead, now=now),
        "came": came,
        "standings": standings(request, lead),
        "is_first": lead_opening.is_due(lead),
        "lead_state": lead_states.of(request, lead),
    }


def data(request: StaffRequest, lead: Lead, *, now: datetime) -> dict[str, Any]:
    """For the part with the fields."""
    policy = policy_of(request.organisation.settings).of_pool(lead.pool)
    zone = zone_of(request)
    known = lead_edits.present(lead)
    described = lead_schema.descriptors(lead.pool)
    pending, troubled = _pending(lead), _troubled(lead, Reader(zone, now, names(request, policy)))
    rows = lead_sheet.fields(known, described, policy)
    there = [row for row in rows if row.is_there or row.path in pending or row.path in troubled]
    shown = [_shown(row, pending, troubled) for row in there]
    return {
        **_shared(request, lead),
        "fields": [row for row in shown if not row.field.is_folded],
        "folded": [row for row in shown if row.field.is_folded],
        "plain": _plain_troubles(troubled, policy),
        "stamp": stamp(lead),
        "is_moving": lead.writes.exclude(state__in=TERMINAL).exists(),
        "may_edit": bool(lead.connect_id),
    }


def story(request: StaffRequest, lead: Lead, *, now: datetime) -> dict[str, Any]:
    policy = policy_of(request.organisation.settings)
    asked = request.GET.get("story", "")
    most = min(int(asked), stories.MOST) if asked.isdecimal() and len(asked) < 6 else stories.SHOWN
    found = stories.of(lead, most=max(most, 1))
    reader = Reader(zone_of(request), now, names(request, policy))
    return {
        **_shared(request, lead),
        "lines": [lead_story.line(one, reader, policy) for one in found.moments],
        "more": min(most * 4, stories.MOST) if found.has_more and most < stories.MOST else 0,
        "zone": reader.zone.key,
        "query": lead_from.of(request, lead, now=now).query if "list" in request.GET else "",
    }


def names(request: StaffRequest, policy: Policy) -> dict[str, str]:
    """What Connect's ids stand for, states that are gone included."""
    snapshot = catalogue.snapshot(request.organisation)
    states = LeadState.objects.filter(organisation=request.organisation)
    found = dict(states.values_list("connect_id", "name"))
    items: list[Any] = [
        *snapshot.calendars, *snapshot.resources, *snapshot.types, *snapshot.pools,
    ]  # fmt: skip
    return found | {item.connect_id: item.name for item in items} | policy.custom_field_names


def stamp(lead: Lead) -> str:
    """Names how the lead and all that is asked for it stand."""
    told = lead.writes.aggregate(n=Count("pk"), at=Max("changed_at"))
    event = LeadEvent.objects.filter(lead=lead).aggregate(at=Max("pk"))["at"]
    return (
        f"{lead.known_at.timestamp()}-{told['n']}-{told['at'] and told['at'].timestamp()}-{event}"
    )


def _shared(request: StaffRequest, lead: Lead) -> dict[str, Any]:
    return {"lead": lead, "slug": request.organisation.slug, "who": write_facts.name_of(lead)}


def _pending(lead: Lead) -> dict[Path, Write]:
    """The newest edit on its way for each field."""
    found: dict[Path, Write] = {}
    for write in lead_edits.on_their_way(lead):
        found |= dict.fromkeys(lead_edits.paths_of(write.payload["changes"]), write)
    return found


def _troubled(lead: Lead, reader: Reader) -> dict[Path, Troubled]:
    """What was refused and nobody has seen, for each field."""
    edits = lead.writes.filter(kind=Kind.EDIT_LEAD, state=State.REFUSED, seen_at=None)
    found: dict[Path, Troubled] = {}
    for write in edits.select_related("person").order_by("created_at"):
        changes = write.payload["changes"]
        for path in lead_edits.paths_of(changes):
            value = lead_edits.value_at(changes, path)
            found[path] = Troubled(
                write,
                lead_changes.said(value, path, reader.zone, reader.names),
                sentences.reason(write.reason, write.kind),
                tuple(str(text)[:300] for text in write.result.get("messages", ())[:3]),
            )
    return found


def _shown(row: Field, pending: dict[Path, Write], troubled: dict[Path, Troubled]) -> Shown:
    write = pending.get(row.path)
    if write is None:
        return Shown(row, trouble=troubled.get(row.path))
    return Shown(
        row,
        pending=sentences.title(write.kind, write.state, write.reason),
        tone=words.TONES.get(write.state, "quiet"),
        icon=words.STATE_ICONS.get(write.state, "info"),
        trouble=troubled.get(row.path),
    )


def _plain_troubles(troubled: dict[Path, Troubled], policy: Policy) -> list[tuple[str, Troubled]]:
    """Those of fields that stand elsewhere on the page: a date, what it is interested in."""
    return [
        (lead_changes.name_of(path, policy), one)
        for path, one in troubled.items()
        if path[0] in lead_edits.PLAIN
    ]
