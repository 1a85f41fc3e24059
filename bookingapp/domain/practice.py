"""The practice mode: an organisation at a sandbox on this machine, where nothing reaches anybody.

`make run` starts the sandbox and writes down where it is, its tokens and its leads
(``PRACTICE_FILE``); the owner of the installation adds the organisation when it is wanted.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from bookingapp.domain import addresses, audit, connecting, lead_mirror
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation, Role


class Token(msgspec.Struct):
    secret: str
    label: str

    def __repr__(self) -> str:
        return f"<token {self.label}>"


class Sandbox(msgspec.Struct):
    """As `make run` wrote it; ``leads`` are lines of JSON in Connect's own shape."""

    name: str
    connect_url: str
    tokens: list[Token]
    leads: list[str] = []


def sandbox() -> Sandbox | None:
    """The sandbox that runs beside the desk; None where the practice mode is off."""
    if not settings.PRACTICE_FILE:
        return None
    try:
        raw = Path(settings.PRACTICE_FILE).read_bytes()
        return msgspec.json.decode(raw, type=Sandbox)
    except (OSError, msgspec.DecodeError):
        return None


def is_offered() -> bool:
    """Whether the sandbox runs and no organisation practises with it yet."""
    return sandbox() is not None and organisation() is None


def organisation() -> Organisation | None:
    """The one that practises with it, if there is one."""
    known = sandbox()
    return _at(known.connect_url) if known else None


def _at(connect_url: str) -> Organisation | None:
    return Organisation.objects.filter(connect_url=addresses.normal(connect_url)).first()


def join(known: Sandbox, *, person: Any, now: datetime) -> Organisation:
    """The practice organisation, made when there is none, with ``person`` as its admin.

    Raises Invalid, as ``connecting.found`` does.
    """
    there = _at(known.connect_url)
    if there is None:
        return _make(known, person=person, now=now)
    role, is_new = Role.objects.get_or_create(
        person=person, organisation=there, defaults={"name": Role.Name.ADMIN}
    )
    if is_new:
        details = {"person": person.pk, "role": role.name, "new": True}
        audit.record("role.given", organisation=there, person=person, at=now, details=details)
    return there


def _make(known: Sandbox, *, person: Any, now: datetime) -> Organisation:
    first, *more = known.tokens
    made = connecting.found(
        connecting.New(_free(known.name), known.connect_url, first.secret, first.label),
        person=person,
        now=now,
    )
    for token in more:
        connecting.add_token(made, token.secret, token.label, person=person, now=now)
    with transaction.atomic():
        for line in known.leads:
            lead_mirror.adopt(made, json.loads(line), now=now)
    return made


def _free(name: str) -> str:
    """A name that no organisation has: nobody chose this one."""
    for number in range(1, 100):
        wanted = name if number == 1 else f"{name} {number}"
        try:
            return connecting.free_name(wanted)
        except Invalid:
            continue
    return name


def follow(old: str, new: str) -> int:
    """The sandbox is at another address now: its organisations follow it, tokens and all."""
    moved = 0
    for one in Organisation.objects.filter(connect_url=addresses.normal(old)):
        one.connect_url = addresses.checked(new)
        one.save(update_fields=["connect_url"])
        moved += 1
    return moved
