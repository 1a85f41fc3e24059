"""Whose email address it is. Anybody who joins by a link may type any address; only one that was
proven finds an account, and it proves one account at most.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bookingapp.domain import access, audit
from bookingapp.domain.models import Organisation, ProvenEmail

Way = ProvenEmail.Way


def compared(address: str) -> str:
    """As addresses are compared: nothing is folded into ASCII that is none. Pure."""
    given = address.strip()
    return given.lower() if given.isascii() else given


def prove(
    person: Any, *, way: Way, now: datetime, organisation: Organisation | None = None
) -> bool:
    """Whether the address that ``person`` has now is known to be theirs; False without one, and
    where it is proven to be another's. On record when it is new.
    """
    address = compared(person.email)
    if not address:
        return False
    if is_proven(person):
        return True
    try:
        with transaction.atomic():
            _forget_what_nobody_has(address)
            ProvenEmail.objects.update_or_create(
                person=person, defaults={"address": address, "way": way, "proven_at": now}
            )
            _note(person, way, now, organisation)
    except IntegrityError:
        return False
    return True


def _note(person: Any, way: Way, now: datetime, organisation: Organisation | None) -> None:
    """What the operator says is nobody's deed here: told wherever the person works."""
    by = None if way == Way.OPERATOR else person
    places: list[Organisation | None] = [organisation]
    if by is None:
        places = [one.organisation for one in access.organisations_of(person)] or [None]
    details = {"person": person.pk, "by": str(way)}
    for place in places:
        audit.record("person.email_proven", organisation=place, at=now, person=by, details=details)


def is_proven(person: Any) -> bool:
    """Whether the address the account has now was proven: another one that it had counts not."""
    found = ProvenEmail.objects.filter(person=person, address=compared(person.email))
    return bool(person.email) and found.exists()


def person_of(address: str) -> Any:
    """The active person whose proven address it is, or None."""
    found = ProvenEmail.objects.filter(address=compared(address), person__is_active=True)
    known = found.select_related("person").first()
    return known.person if known and _is_held(known) else None


def _forget_what_nobody_has(address: str) -> None:
    """Of an account that has another address by now."""
    for known in ProvenEmail.objects.filter(address=address).select_related("person"):
        if not _is_held(known):
            known.delete()


def _is_held(known: ProvenEmail) -> bool:
    return compared(known.person.email) == known.address
