"""Organisations, tokens, people and roles from one document, as often as one likes.

The way in for whoever sets up many at once; it says what it did, never a secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bookingapp import connect
from bookingapp.domain import (
    addresses,
    audit,
    catalogue,
    connecting,
    doctor,
    organisations,
)
from bookingapp.domain.errors import Invalid, NoToken
from bookingapp.domain.models import Organisation, Role
from bookingapp.domain.people import proofs
from bookingapp.domain.policy import policy_of


class TokenSpec(msgspec.Struct, forbid_unknown_fields=True):
    secret: str
    label: str = ""

    def __repr__(self) -> str:
        return f"<token {self.label}>"


class OrganisationSpec(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    connect_url: str
    tokens: list[TokenSpec] = []
    settings: dict[str, Any] = {}


class PersonSpec(msgspec.Struct, forbid_unknown_fields=True):
    username: str
    password: str = ""
    email: str = ""
    roles: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<person {self.username}>"


class Document(msgspec.Struct, forbid_unknown_fields=True):
    organisations: list[OrganisationSpec] = []
    people: list[PersonSpec] = []


def read(raw: bytes) -> Document:
    """Raises Invalid, naming the place in the document."""
    try:
        return msgspec.json.decode(raw, type=Document)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Invalid({"document": str(error)}) from None


def apply(document: Document, *, now: datetime) -> Iterator[str]:
    """Create or update everything the document names; yields a line for each thing done.

    Raises Invalid before anything of the organisation or person concerned is changed.
    """
    for spec in document.organisations:
        organisation = _organisation(spec, now=now)
        yield f"organisation {organisation.name} at {organisation.connect_url}"
        yield from _tokens(organisation, spec, now=now)
        yield from _catalogue(organisation, now=now)
    for person in document.people:
        yield _person(person, now=now)


@transaction.atomic
def _organisation(spec: OrganisationSpec, *, now: datetime) -> Organisation:
    if not spec.name.strip():
        raise Invalid({"organisation": "has no name"})
    try:
        policy_of(spec.settings)
    except msgspec.ValidationError as error:
        raise Invalid({f"settings of {spec.name}": str(error)}) from None
    address = addresses.checked(spec.connect_url, must_be_found=False)
    # Until its new address is in place nobody adds a token for the old one.
    locked = Organisation.objects.select_for_update(no_key=True)
    known = locked.filter(name=spec.name.strip()).first()
    is_moved = known is not None and organisations.moves_away(known, address)
    # They were made for another place; those that are good here are in the document.
    gone = organisations.forget_tokens(known) if known and is_moved else []
    # What the document does not name stays as the settings pages have it.
    kept = {**(known.settings if known else {}), **spec.settings}
    wanted = {"connect_url": address, "settings": kept}
    organisation, is_new = Organisation.objects.update_or_create(
        name=spec.name.strip(),
        defaults=wanted,
        create_defaults={**wanted, "slug": connecting.free_slug(spec.name)},
    )
    details = {"new": is_new} | ({"tokens_forgotten": gone} if gone else {})
    audit.record("organisation.provisioned", organisation=organisation, at=now, details=details)
    return organisation


def _tokens(organisation: Organisation, spec: OrganisationSpec, *, now: datetime) -> Iterator[str]:
    for wanted in spec.tokens:
        token = connecting.keep_token(
            organisation, wanted.secret, wanted.label, person=None, now=now
        )
        try:
            scope = doctor.verify(token)
        except connect.ConnectError as error:
            yield f"  token {token}: kept, but not verified: {error}"
            continue
        yield f"  token {token}: {scope or 'rejected by Connect'}"
    doctor.resume_if_possible(organisation, now=now)


def _catalogue(organisation: Organisation, *, now: datetime) -> Iterator[str]:
    try:
        catalogue.refresh(organisation, now=now)
    except (connect.ConnectError, NoToken) as error:
        yield f"  catalogue: not read yet: {error}"


@transaction.atomic
def _person(spec: PersonSpec, *, now: datetime) -> str:
    people = get_user_model()
    person, is_new = people.objects.get_or_create(
        username=spec.username, defaults={"email": spec.email}
    )
    if spec.email and person.email != spec.email:
        person.email = spec.email
    if spec.password and not person.check_password(spec.password):
        try:
            validate_password(spec.password, person)
        except ValidationError as error:
            raise Invalid({f"password of {spec.username}": " ".join(error.messages)}) from None
        person.set_password(spec.password)
    elif is_new:
        person.set_unusable_password()
    person.save()
    roles = _roles(person, spec, now=now)
    doubt = "" if _is_proven(person, spec, now=now) else "; the email is proven to be another's"
    return f"person {spec.username}: {roles}{doubt}"


def _is_proven(person: Any, spec: PersonSpec, *, now: datetime) -> bool:
    """What whoever runs the installation says of an address is proof, once for each address."""
    return not spec.email or proofs.prove(person, way=proofs.Way.OPERATOR, now=now)


def _roles(person: Any, spec: PersonSpec, *, now: datetime) -> str:
    for name, role in spec.roles.items():
        organisation = Organisation.objects.filter(name=name).first()
        if organisation is None:
            raise Invalid({f"roles of {spec.username}": f"there is no organisation {name!r}"})
        if role not in Role.Name.values:
            raise Invalid({f"roles of {spec.username}": f"{role!r} is not staff, manager or admin"})
        _, is_new = Role.objects.update_or_create(
            person=person, organisation=organisation, defaults={"name": role}
        )
        details = {"person": person.pk, "role": role, "new": is_new}
        audit.record("role.given", organisation=organisation, at=now, details=details)
    return ", ".join(f"{role} in {name}" for name, role in spec.roles.items()) or "no role"
