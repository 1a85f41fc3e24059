"""The first run: an empty installation is claimed by whoever has its setup code.

Nothing is kept about how far somebody came: that is seen from what exists.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from bookingapp import keys
from bookingapp.domain import audit
from bookingapp.domain.errors import DomainError
from bookingapp.domain.models import AuditEvent, Invitation, Organisation, Role, SearchKey
from bookingapp.domain.people import accounts
from bookingapp.domain.people.accounts import NewAccount

# One after the other; each can be left out but the first two.
ACCOUNT, ORGANISATION, USE, PEOPLE, BOOKING = STEPS = (
    "account",
    "organisation",
    "use",
    "people",
    "booking",
)


class Claimed(DomainError):
    """Somebody has an account already: this is no first run."""

    code = "claimed"


def is_empty() -> bool:
    """Whether nobody has an account yet. One query."""
    return not get_user_model()._default_manager.exists()


def code() -> str:
    """The setup code; "" where the operator must set SETUP_CODE first."""
    if settings.SETUP_CODE:
        return str(settings.SETUP_CODE)
    return keys.setup_code(settings.DATA_DIR) if settings.EMBEDDED else ""


def is_code(typed: str) -> bool:
    """However it is spelled; takes as long for a wrong one."""
    known = _plain(code())
    return bool(known) and hmac.compare_digest(_plain(typed), known)


def _plain(text: str) -> bytes:
    return "".join(text[:200].split()).replace("-", "").lower().encode()


@sensitive_variables("wanted")
def claim(wanted: NewAccount, *, now: datetime) -> Any:
    """The first account: it owns the installation, and is admin of what was set up already.

    Raises Invalid as ``accounts.check`` does, and Claimed when another one was quicker.
    """
    accounts.check(wanted)
    with transaction.atomic():
        _one_at_a_time()
        if not is_empty():
            raise Claimed
        person = accounts.make(wanted)
        get_user_model()._default_manager.filter(pk=person.pk).update(is_superuser=True)
        person.is_superuser = True
        for organisation in Organisation.objects.all():
            Role.objects.create(person=person, organisation=organisation, name=Role.Name.ADMIN)
        after = {"person": person.get_username()}
        audit.record("installation.claimed", at=now, person=person, after=after)
    _forget_code()
    return person


def _one_at_a_time() -> None:
    """Until the transaction ends. There is no row of a person to take turns by yet; this one is in
    every database.
    """
    list(SearchKey.objects.select_for_update().values_list("pk"))


def _forget_code() -> None:
    """It opens nothing any more; a file that cannot be removed is no reason to fail."""
    if settings.EMBEDDED and not settings.SETUP_CODE:
        keys.forget_setup_code(settings.DATA_DIR)


def is_owner(person: Any) -> bool:
    """Whether this person may connect further organisations."""
    return bool(person.is_active and person.is_superuser)


def next_step(person: Any, organisation: Organisation | None) -> str:
    """Where somebody goes on who comes back."""
    if organisation is None:
        return ORGANISATION
    events = AuditEvent.objects.filter(organisation=organisation)
    if not events.filter(action="organisation.use_chosen").exists():
        return USE
    others = Role.objects.filter(organisation=organisation).exclude(person=person)
    if not others.exists() and not Invitation.objects.filter(organisation=organisation).exists():
        return PEOPLE
    return BOOKING
