"""For a colleague who forgot the password (a link, which leaves the second factor as it is) or who
lost what the second factor was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bookingapp.domain import audit, second_factor
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.models import Invitation, Organisation, Role
from bookingapp.domain.people import accounts, invitations, links, sessions
from bookingapp.domain.people.errors import NotAllowed, Spent, WorksElsewhere
from bookingapp.domain.people.locks import expect_admin, lock, lock_person, role_of

HOURS_VALID = 24


def may_reset(by: Any, person: Any) -> bool:
    """Only an admin of all the places where the person works: else the admin of one organisation
    could get into another. Nobody but another owner gets into the account of the owner, who may
    connect further ones.
    """
    if _is_above(person, by):
        return False
    mine = Role.objects.filter(person=by, person__is_active=True, name=Role.Name.ADMIN)
    elsewhere = Role.objects.filter(person=person).exclude(
        organisation__in=mine.values("organisation")
    )
    return mine.exists() and not elsewhere.exists()


def _is_above(person: Any, by: Any) -> bool:
    return bool(person.is_superuser and not by.is_superuser)


def why_not(by: Any, person: Any) -> type[DomainError]:
    """What :func:`reset_link` raises where :func:`may_reset` says no."""
    return NotAllowed if _is_above(person, by) else WorksElsewhere


def reset_link(
    organisation: Organisation, person_pk: Any, *, by: Any, now: datetime
) -> tuple[Invitation, str]:
    """A link good for a day, and its secret, which nobody can be told again. Ends older ones.

    Raises NotAllowed (also for oneself), NotHere, WorksElsewhere.
    """
    secret = links.new()
    with transaction.atomic():
        person = _expect_may(organisation, person_pk, by)
        _revoke_older(person, by=by, now=now)
        invitation = Invitation.objects.create(
            kind=Invitation.Kind.RESET,
            organisation=organisation,
            person=person,
            digest=links.digest(secret),
            created_by=by,
            created_at=now,
            expires_at=now + timedelta(hours=HOURS_VALID),
        )
        after = {"person": person.get_username()}
        invitations.note(invitation, "person.reset_offered", by, now=now, after=after)
    return invitation, secret


def reset(invitation: Invitation, password: str, *, now: datetime) -> Any:
    """The person, with the new password and signed in nowhere. Raises Invalid ("password"), Spent.

    What allowed the link is asked again: meanwhile either may have another role.
    """
    with transaction.atomic():
        lock(invitation.organisation)
        person = lock_person(invitation.person_id)
        if codes := accounts.password_problems(password, person):
            raise Invalid({"password": " ".join(codes)})
        by = invitation.created_by
        if by is None or not person.is_active or not may_reset(by, person):
            raise Spent
        invitations.use(invitation, person, now=now)
        person.set_password(password)
        person.save(update_fields=["password"])
        sessions.end_all(person)
        after = {"person": person.get_username()}
        invitations.note(invitation, "person.password_reset", person, now=now, after=after)
    return person


def drop_second_factor(
    organisation: Organisation, person_pk: Any, *, by: Any, now: datetime
) -> int:
    """How many were taken away, recovery codes among them; the person is signed in nowhere then.

    Raises NotAllowed (also for oneself), NotHere, WorksElsewhere.
    """
    with transaction.atomic():
        person = _expect_may(organisation, person_pk, by)
        known = second_factor.model().objects.filter(user=person)
        kinds = sorted(known.values_list("type", flat=True))
        if not kinds:
            return 0
        known.delete()
        sessions.end_all(person)
        audit.record(
            "person.second_factor_removed",
            organisation=organisation,
            at=now,
            person=by,
            details={"person": person.pk, "kinds": kinds},
            before={"person": person.get_username()},
        )
    return len(kinds)


def _expect_may(organisation: Organisation, person_pk: Any, by: Any) -> Any:
    """The colleague, as long as the transaction lasts."""
    lock(organisation)
    expect_admin(organisation, by)
    person = role_of(organisation, person_pk).person
    if person.pk == by.pk:
        raise NotAllowed
    if not may_reset(by, person):
        raise why_not(by, person)
    return person


def _revoke_older(person: Any, *, by: Any, now: datetime) -> None:
    older = invitations.open_ones(now=now).filter(kind=Invitation.Kind.RESET, person=person)
    for one in older:
        invitations.revoke(one, by=by, now=now)
