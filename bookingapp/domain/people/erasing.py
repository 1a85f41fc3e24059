"""Erasing a former colleague: the account stays as a number, because the audit log and the journal
point at it and are never changed; name, email address and all that signs in go.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from bookingapp.domain import audit
from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.models import (
    AuditValues,
    FormerRole,
    Invitation,
    Organisation,
    Role,
)
from bookingapp.domain.people import handing, sessions
from bookingapp.domain.people.errors import HoldsOpenWrites, NotHere, StillHere, WorkedElsewhere
from bookingapp.domain.people.locks import expect_admin, lock, lock_person

# Tables by person of which nothing is left.
OF_A_PERSON = (
    ("mfa.Authenticator", "user"),
    ("socialaccount.SocialAccount", "user"),
    ("account.EmailAddress", "user"),
    ("domain.ProvenEmail", "person"),
    ("domain.Preference", "person"),
    ("domain.PoolView", "person"),
    ("domain.FormerRole", "person"),
)
AT_ONCE = 500


def erase(
    organisation: Organisation, person_pk: Any, *, called: str, by: Any, now: datetime
) -> None:
    """For good. ``called``: what the account is named from now on, with its number.

    Raises NotAllowed, NotHere for who never left this organisation, and what :func:`expect_may`
    raises; each leaves everything as it was.
    """
    with transaction.atomic():
        lock(organisation)
        expect_admin(organisation, by)
        if not FormerRole.objects.filter(organisation=organisation, person=person_pk).exists():
            raise NotHere
        person = lock_person(person_pk)
        expect_may(person, by)
        _forget_words(person)
        for model, name in OF_A_PERSON:
            apps.get_model(model)._default_manager.filter(**{name: person}).delete()
        _empty(person, called)
        sessions.end_all(person)
        details = {"person": person.pk}
        audit.record("person.erased", organisation=organisation, at=now, person=by, details=details)


def expect_may(person: Any, by: Any) -> None:
    """Raises StillHere, WorkedElsewhere and HoldsOpenWrites, in this order."""
    if person.is_active or Role.objects.filter(person=person).exists():
        raise StillHere
    mine = Role.objects.filter(person=by, person__is_active=True, name=Role.Name.ADMIN)
    elsewhere = FormerRole.objects.filter(person=person).exclude(
        organisation__in=mine.values("organisation")
    )
    if elsewhere.exists() or (person.is_superuser and not by.is_superuser):
        raise WorkedElsewhere
    if handing.has_anything_open(person):
        raise HoldsOpenWrites


def _forget_words(person: Any) -> None:
    """Their name and address where somebody wrote them down about the account."""
    words = {person.get_username(), person.get_full_name(), person.email} - {""}
    about = Q(event__person=person) | Q(event__topic=Topic.PEOPLE)
    for values in AuditValues.objects.filter(about).iterator(AT_ONCE):
        if words & {str(told) for told in (*values.before.values(), *values.after.values())}:
            values.delete()
    Invitation.objects.filter(person=person).delete()
    addressed = Q(used_by=person)
    if person.email:
        addressed |= Q(email__iexact=person.email)
    Invitation.objects.filter(addressed).update(email="")


def _empty(person: Any, called: str) -> None:
    """With a space no invited person can ever be called like it."""
    person.username = f"former colleague {person.pk}"
    person.first_name, person.last_name, person.email = called, "", ""
    person.last_login, person.is_superuser = None, False
    person.set_unusable_password()
    person.save()
