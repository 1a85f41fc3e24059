"""One change of an organisation's people at a time, decided by what is true then."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from bookingapp.domain.models import Organisation, Role
from bookingapp.domain.people.errors import LastAdmin, NotAllowed, NotHere


def lock(organisation: Organisation) -> None:
    """Until the transaction ends. On SQLite each transaction that may write is alone anyway.

    Not against rows that name the organisation: writes go on being opened.
    """
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk)
    rows.values_list("pk").get()


def lock_person(pk: Any) -> Any:
    """The account as it is now, until the transaction ends: after the organisation, never before.

    Raises NotHere.
    """
    people = get_user_model()._default_manager.select_for_update(no_key=True)
    person = people.filter(pk=pk).first()
    if person is None:
        raise NotHere
    return person


def expect_admin(organisation: Organisation, by: Any) -> None:
    """Asked anew under the lock: a page may be older than that. Raises NotAllowed."""
    mine = Role.objects.filter(organisation=organisation, person=by, name=Role.Name.ADMIN)
    if not mine.filter(person__is_active=True).exists():
        raise NotAllowed


def role_of(organisation: Organisation, person_pk: Any) -> Role:
    """Raises NotHere."""
    mine = Role.objects.filter(organisation=organisation, person=person_pk)
    found = mine.select_related("person").first()
    if found is None:
        raise NotHere
    return found


def expect_another_admin(role: Role) -> None:
    """Raises LastAdmin when ``role`` is the last of an admin who can sign in."""
    admins = Role.objects.filter(organisation=role.organisation_id, name=Role.Name.ADMIN)
    if role.name != Role.Name.ADMIN:
        return
    if not admins.exclude(pk=role.pk).filter(person__is_active=True).exists():
        raise LastAdmin
