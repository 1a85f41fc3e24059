"""Leaving an organisation and coming back. What somebody did stays theirs in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import audit
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import FormerRole, Organisation, Role
from bookingapp.domain.people import handing, invitations, sessions
from bookingapp.domain.people.errors import NotHere
from bookingapp.domain.people.locks import (
    expect_admin,
    expect_another_admin,
    lock,
    lock_person,
    role_of,
)


@dataclass(frozen=True, slots=True)
class Left:
    """``handed_on``: writes that the colleague now looks after; whether the account is closed."""

    handed_on: int
    deactivated: bool


def take_away(
    organisation: Organisation, person_pk: Any, *, to: Any, by: Any, now: datetime
) -> Left:
    """The person works here no more; ``to`` (key of a colleague, or None) gets what is open.

    Who has no role left anywhere is signed out everywhere and cannot sign in; the owner only where
    another owner takes the last one. Raises NotAllowed,
    NotHere, LastAdmin, and Invalid ("to") when something is open and nobody there to take it.
    """
    with transaction.atomic():
        lock(organisation)
        expect_admin(organisation, by)
        role = role_of(organisation, person_pk)
        expect_another_admin(role)
        person = lock_person(person_pk)
        handed_on = _hand_on(organisation, person, to, by=by, now=now)
        _end(role, by=by, now=now)
        # The account of the owner is more than a place here: only another owner closes it.
        is_above = person.is_superuser and not by.is_superuser
        closed = not is_above and not Role.objects.filter(person=person).exists()
        if closed:
            _deactivate(person)
        _note("left", role, by, now, handed_on=handed_on, deactivated=closed)
    return Left(handed_on, closed)


def bring_back(
    organisation: Organisation, person_pk: Any, name: str, *, by: Any, now: datetime
) -> None:
    """A role again, and the account is active again. Raises Invalid, NotAllowed, and NotHere for
    who never left this organisation.
    """
    if name not in Role.Name.values:
        raise Invalid({"role": "unknown"})
    with transaction.atomic():
        lock(organisation)
        expect_admin(organisation, by)
        former = FormerRole.objects.filter(organisation=organisation, person=person_pk)
        if not former.delete()[0]:
            raise NotHere
        person = lock_person(person_pk)
        role = Role.objects.create(organisation=organisation, person=person, name=name)
        was_active, person.is_active = person.is_active, True
        person.save(update_fields=["is_active"])
        _note("returned", role, by, now, activated=not was_active)


def _hand_on(organisation: Organisation, person: Any, to: Any, *, by: Any, now: datetime) -> int:
    colleague = Role.objects.filter(organisation=organisation, person=to).exclude(person=person)
    found = colleague.filter(person__is_active=True).select_related("person").first()
    if found is not None:
        return handing.hand_on(organisation, person, found.person, by=by, now=now)
    if to is not None or handing.open_writes(organisation, person).exists():
        raise Invalid({"to": "required"})
    return 0


def _end(role: Role, *, by: Any, now: datetime) -> None:
    invitations.revoke_all_of(role.organisation, role.person, by=by, now=now)
    FormerRole.objects.update_or_create(
        organisation=role.organisation,
        person=role.person,
        defaults={"name": role.name, "ended_at": now, "ended_by": by},
    )
    Role.objects.filter(pk=role.pk).delete()


def _deactivate(person: Any) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person)


def _note(what: str, role: Role, by: Any, now: datetime, **facts: Any) -> None:
    told = {"person": role.person.get_username(), "role": str(role.name)}
    audit.record(
        f"person.{what}",
        organisation=role.organisation,
        at=now,
        person=by,
        details={"person": role.person_id, "role": str(role.name), **facts},
        before=told if what == "left" else None,
        after=told if what == "returned" else None,
    )
