"""Links by which somebody joins an organisation. Each works once, for seven days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from bookingapp.domain import audit
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import FormerRole, Invitation, Organisation, Role
from bookingapp.domain.people import accounts, links, proofs
from bookingapp.domain.people.accounts import NewAccount
from bookingapp.domain.people.errors import AlreadyHere, Spent
from bookingapp.domain.people.locks import expect_admin, lock, lock_person

DAYS_VALID = 7


def invite(
    organisation: Organisation, *, role: str, email: str = "", by: Any, now: datetime
) -> tuple[Invitation, str]:
    """A new invitation, and the secret of its link, which nobody can be told again.

    ``by`` is an admin, or None where there is none yet. Raises Invalid for a role or an e-mail
    address (``email``) that is none, and NotAllowed; it sends nothing.
    """
    given = email.strip()
    _check(role, given)
    secret = links.new()
    with transaction.atomic():
        if by is not None:
            # Who is demoted at this moment leaves no link behind.
            lock(organisation)
            expect_admin(organisation, by)
        invitation = Invitation.objects.create(
            kind=Invitation.Kind.JOIN,
            organisation=organisation,
            role=role,
            email=given,
            digest=links.digest(secret),
            created_by=by,
            created_at=now,
            expires_at=now + timedelta(days=DAYS_VALID),
        )
        note(invitation, "invitation.made", by, now=now, after={"role": role, "email": given})
    return invitation, secret


def for_letter(invitation: Invitation) -> str:
    """Another secret that opens it, for a letter to its address and for nothing else: whoever uses
    this one has read that letter, which the admin who sees the link on the page has not.
    """
    secret = links.new()
    Invitation.objects.filter(pk=invitation.pk).update(letter_digest=links.digest(secret))
    return secret


def find(secret: str, *, now: datetime) -> Invitation:
    """The invitation that this link opens. Raises Spent."""
    digest = links.digest(secret)
    found = open_ones(now=now).filter(Q(digest=digest) | Q(letter_digest=digest))
    known = found.select_related("organisation", "created_by", "person").first()
    if known is None:
        raise Spent
    return known


def open_ones(*, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)


def revoke(invitation: Invitation, *, by: Any, now: datetime) -> bool:
    """Whether it was open until now. Its link opens nothing any more."""
    with transaction.atomic():
        mine = open_ones(now=now).filter(pk=invitation.pk)
        if not mine.update(revoked_at=now):
            return False
        before = {"role": invitation.role, "email": invitation.email}
        note(invitation, "invitation.revoked", by, now=now, before=before)
    return True


def revoke_all_of(organisation: Organisation, person: Any, *, by: Any, now: datetime) -> None:
    """The links that ``person`` made here and may make no more. Inside a transaction."""
    mine = open_ones(now=now).filter(organisation=organisation, created_by=person)
    for invitation in mine:
        revoke(invitation, by=by, now=now)


def join(invitation: Invitation, wanted: NewAccount, *, now: datetime, secret: str = "") -> Any:
    """A new account, with the role. ``secret``: of the link that was opened; the one of a letter
    proves the address it was sent to. Raises Invalid (nothing is used up then) and Spent.
    """
    accounts.check(wanted)
    with transaction.atomic():
        lock(invitation.organisation)
        person = accounts.make(wanted)
        _take(invitation, person, secret, now=now)
    return person


def accept(invitation: Invitation, person: Any, *, now: datetime, secret: str = "") -> None:
    """The role for an account there is; ``secret`` as in :func:`join`. Raises Spent, and
    AlreadyHere (nothing is used up).
    """
    with transaction.atomic():
        lock(invitation.organisation)
        account = lock_person(person.pk)
        if not account.is_active:
            raise Spent
        if Role.objects.filter(organisation=invitation.organisation, person=person).exists():
            raise AlreadyHere
        _take(invitation, account, secret, now=now)


def use(invitation: Invitation, person: Any, *, now: datetime) -> None:
    """Once, whoever comes first. Inside a transaction. Raises Spent for all others."""
    mine = open_ones(now=now).filter(pk=invitation.pk)
    if not mine.update(used_at=now, used_by=person):
        raise Spent


def _take(invitation: Invitation, person: Any, secret: str, *, now: datetime) -> None:
    use(invitation, person, now=now)
    Role.objects.create(organisation=invitation.organisation, person=person, name=invitation.role)
    FormerRole.objects.filter(organisation=invitation.organisation, person=person).delete()
    after = {"role": invitation.role, "person": person.get_username()}
    note(invitation, "person.joined", person, now=now, after=after)
    if _was_written_to(invitation, person, secret):
        here = invitation.organisation
        proofs.prove(person, way=proofs.Way.LETTER, now=now, organisation=here)


def _was_written_to(invitation: Invitation, person: Any, secret: str) -> bool:
    """Whether the link came by a letter to the very address that the account has. Pure."""
    is_letter = invitation.letter_digest == links.digest(secret)
    return is_letter and proofs.compared(invitation.email) == proofs.compared(person.email)


def note(
    invitation: Invitation,
    what: str,
    by: Any,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    details = {"invitation": str(invitation.pk), "kind": str(invitation.kind)}
    audit.record(
        what,
        organisation=invitation.organisation,
        at=now,
        person=by,
        details=details,
        before=before,
        after=after,
    )


def _check(role: str, email: str) -> None:
    problems: dict[str, str] = {}
    if role not in Role.Name.values:
        problems["role"] = "unknown"
    try:
        if email:
            validate_email(email)
    except ValidationError:
        problems["email"] = "invalid"
    if problems:
        raise Invalid(problems)
