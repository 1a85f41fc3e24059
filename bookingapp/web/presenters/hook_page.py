"""The admin's page of the hooks, as lines: secrets, deliveries, field paths, forms, guide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookingapp.domain.hooks import fields, guide
from bookingapp.domain.models import Delivery, HookSecret, HookSettings, LeadPool, Organisation
from bookingapp.web.presenters import hook_words, moments
from bookingapp.web.presenters.sentences import Text

LONGEST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Secret:
    pk: int
    last_four: str
    made: str
    by: str
    used_at: datetime | None
    ends: str


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery; ``changed`` says what it changed, ``problem`` why not more."""

    row: Delivery
    what: str
    at: str
    result: Text
    tone: str
    icon: str
    changed: list[str]
    problem: str


@dataclass(frozen=True, slots=True)
class PathField:
    name: str
    label: Text
    value: str
    usual: str
    error: Text = ""


@dataclass(frozen=True, slots=True)
class Flow:
    event: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """``pool``: the key of ours that it fills; ``name``: as it was told last."""

    form_id: str
    name: str
    pool: int | None


def secrets_of(rows: Iterable[HookSecret], zone: ZoneInfo) -> list[Secret]:
    return [
        Secret(
            pk=row.pk,
            last_four=row.last_four,
            made=moments.dated(row.created_at, zone),
            by=str(row.created_by.get_full_name() or row.created_by) if row.created_by else "",
            used_at=row.used_at,
            ends=moments.dated(row.ends_at, zone) if row.ends_at else "",
        )
        for row in rows
    ]


def line(row: Delivery, zone: ZoneInfo, now: datetime) -> Line:
    result, tone, icon = hook_words.RESULTS[row.result]
    return Line(
        row=row,
        what=hook_words.event(row.event),
        at=moments.stamp(row.last_at, zone, near=now),
        result=result,
        tone=tone,
        icon=icon,
        changed=hook_words.changed(row.changed),
        problem=hook_words.problem(row.problem),
    )


def body_of(row: Delivery) -> str:
    """What came, bounded; escaping is the template's."""
    for name in ("raw", "cut"):
        if set(row.body) == {name}:
            return str(row.body[name])[:LONGEST_SHOWN]
    return json.dumps(row.body, indent=2, ensure_ascii=False)[:LONGEST_SHOWN]


def path_fields(
    changed: Mapping[str, list[str]],
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[PathField]:
    """``typed`` is what was sent and refused; without it what is in force."""
    return [
        PathField(
            name=name,
            label=hook_words.FIELDS[name],
            value=(typed or {}).get(name, "")[:2000] if typed else ", ".join(changed.get(name, [])),
            usual=", ".join(fields.DEFAULTS.get(name, ())),
            error=hook_words.PATH_ERRORS.get((errors or {}).get(name, ""), ""),
        )
        for name in (*fields.DEFAULTS, fields.SINGLE_KEYS)
    ]


def flows(organisation: Organisation, trigger: str) -> list[Flow]:
    return [
        Flow(str(event), hook_words.event(event), guide.body(organisation, event, trigger))
        for event in guide.FLOWS
    ]


def forms_of(
    known: HookSettings, pools: Iterable[LeadPool], seen: Mapping[str, str]
) -> list[FormLine]:
    """The forms that are set, and those that sent something lately; ``seen``: id to name."""
    keys = {pool.connect_id: pool.pk for pool in pools}
    ids = dict.fromkeys([*known.forms, *seen])
    return [
        FormLine(form_id, seen.get(form_id, ""), keys.get(known.forms.get(form_id, "")))
        for form_id in ids
    ]
