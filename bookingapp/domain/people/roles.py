"""What a colleague may do: changed by admins, in force at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import access, audit
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation, Role
from bookingapp.domain.people import invitations
from bookingapp.domain.people.errors import NotAllowed
from bookingapp.domain.people.locks import expect_admin, expect_another_admin, lock, role_of


def change(
    organisation: Organisation, person_pk: Any, name: str, *, by: Any, now: datetime
) -> bool:
    """Whether it is another role now. Other processes notice within ``standing.KEPT_SECONDS``.

    Raises Invalid ("role"), NotAllowed, NotHere, LastAdmin.
    """
    if name not in Role.Name.values:
        raise Invalid({"role": "unknown"})
    with transaction.atomic():
        lock(organisation)
        expect_admin(organisation, by)
        role = role_of(organisation, person_pk)
        if role.name == name:
            return False
        _expect_may(role, name, by)
        _set(role, name, by=by, now=now)
    return True


def _expect_may(role: Role, name: str, by: Any) -> None:
    raised = access.RANK[Role.Name(name)] > access.RANK[Role.Name(role.name)]
    if raised and role.person_id == by.pk:
        raise NotAllowed
    if name != Role.Name.ADMIN:
        expect_another_admin(role)


def _set(role: Role, name: str, *, by: Any, now: datetime) -> None:
    before, role.name = role.name, name
    role.save(update_fields=["name"])
    if before == Role.Name.ADMIN:
        # What an admin handed out must not outlive the right to do it.
        invitations.revoke_all_of(role.organisation, role.person, by=by, now=now)
    audit.record(
        "person.role_changed",
        organisation=role.organisation,
        at=now,
        person=by,
        details={"person": role.person_id, "from": str(before), "to": name},
        before={"person": role.person.get_username(), "role": str(before)},
        after={"person": role.person.get_username(), "role": name},
    )
