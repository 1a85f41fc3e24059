"""A link for a colleague who forgot the password. It leaves their second factor as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bookingapp.domain import standing
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Invitation, Organisation, Role
from bookingapp.domain.people import accounts, invitations, links, sessions
from bookingapp.domain.people.errors import NotAllowed, Spent, WorksElsewhere
from bookingapp.domain.people.locks import expect_admin, lock, lock_person, role_of

HOURS_VALID = 24


def may_reset(by: Any, person: Any) -> bool:
    """Only an admin of all the places where the person works: else the admin of one organisation
    could get into another.
    """
    mine = Role.objects.filter(person=by, person__is_active=True, name=Role.Name.ADMIN)
    elsewhere = Role.objects.filter(person=person).exclude(
        organisation__in=mine.values("organisation")
    )
    return mine.exists() and not elsewhere.exists()


def reset_link(
    organisation: Organisation, person_pk: Any, *, by: Any, now: datetime
) -> tuple[Invitation, str]:
    """A link good for a day, and its secret, which nobody can be told again. Ends older ones.

    Raises NotAllowed (also for oneself), NotHere, WorksElsewhere.
    """
    secret = links.new()
    with transaction.atomic():
        lock(organisation)
        expect_admin(organisation, by)
        person = role_of(organisation, person_pk).person
        if person.pk == by.pk:
            raise NotAllowed
        if not may_reset(by, person):
            raise WorksElsewhere
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
        transaction.on_commit(standing.forget)
        after = {"person": person.get_username()}
        invitations.note(invitation, "person.password_reset", person, now=now, after=after)
    return person


def _revoke_older(person: Any, *, by: Any, now: datetime) -> None:
    older = invitations.open_ones(now=now).filter(kind=Invitation.Kind.RESET, person=person)
    for one in older:
        invitations.revoke(one, by=by, now=now)
