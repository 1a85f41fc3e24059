"""Connecting an organisation: what was typed is tried first, then kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_variables

from bookingapp import connect
from bookingapp.domain import addresses, audit, catalogue, doctor, gateway, tokens
from bookingapp.domain.errors import Invalid, NoToken
from bookingapp.domain.models import Organisation, Role, Token
from bookingapp.domain.problems import SCOPE_TOO_NARROW, TOKEN_REJECTED, problem_of

LONGEST_NAME = 200
# Seconds that a person waits for one answer of a trial.
TRIAL_SECONDS = 8.0
# These are about the token; all others are about the address.
_OF_THE_TOKEN = {TOKEN_REJECTED, SCOPE_TOO_NARROW}


@dataclass(frozen=True, slots=True)
class Trial:
    """What Connect showed when it was asked; ``problem`` is a code of ``problems`` or ""."""

    problem: str = ""
    calendars: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class New:
    """What somebody typed to connect an organisation."""

    name: str
    connect_url: str
    secret: str = field(repr=False)
    label: str = ""


@sensitive_variables("secret")
def try_out(connect_url: str, secret: str) -> Trial:
    """Read the names of calendars and lead pools at a checked address. Nothing is kept."""
    timeouts = connect.Timeouts(connect=settings.CONNECT_TIMEOUT, total=TRIAL_SECONDS)
    with connect.Client(connect_url, timeouts=timeouts, reach=addresses.reach()) as client:
        try:
            calendars = client.send(connect.list_calendars(), token=secret)
            pools = client.send(connect.list_lead_pools(), token=secret)
        except connect.ConnectError as error:
            return Trial(problem_of(error))
    return _seen(calendars, pools)


def try_again(organisation: Organisation) -> Trial:
    """The same at the address it has, with the tokens it has; one that is refused is noted."""
    try:
        calendars = gateway.send(organisation, connect.list_calendars())
        pools = gateway.send(organisation, connect.list_lead_pools())
    except (connect.ConnectError, NoToken) as error:
        return Trial(problem_of(error))
    return _seen(calendars, pools)


def _seen(calendars: Collection[Any], pools: Collection[Any]) -> Trial:
    return Trial(
        calendars=tuple(one.name or one.id for one in calendars),
        pools=tuple(one.name or one.id for one in pools),
    )


@sensitive_variables("new")
def found(new: New, *, person: Any, now: datetime) -> Organisation:
    """A further organisation, tried first, with ``person`` as its admin.

    Raises Invalid: of ``name``, ``connect_url`` (also BadAddress) or ``secret``; nothing is kept.
    """
    name = free_name(new.name)
    address = addresses.checked(new.connect_url)
    if not new.secret.strip():
        raise Invalid({"secret": "required"})
    seen = try_out(address, new.secret.strip())
    if seen.problem:
        raise Invalid({"secret" if seen.problem in _OF_THE_TOKEN else "connect_url": seen.problem})
    organisation = _made(name, address, person=person, now=now)
    add_token(organisation, new.secret.strip(), new.label, person=person, now=now)
    read_again(organisation, now=now)
    return organisation


@transaction.atomic
def _made(name: str, address: str, *, person: Any, now: datetime) -> Organisation:
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                name=name, slug=free_slug(name), connect_url=address
            )
    except IntegrityError:
        raise Invalid({"name": "taken"}) from None
    Role.objects.create(person=person, organisation=organisation, name=Role.Name.ADMIN)
    audit.record(
        "organisation.connected",
        at=now,
        organisation=organisation,
        person=person,
        after={"name": name, "connect_url": address},
    )
    return organisation


@sensitive_variables("secret")
def add_token(
    organisation: Organisation, secret: str, label: str, *, person: Any, now: datetime
) -> None:
    """Kept sealed, and looked at for what it can do; that may be found out later, too."""
    doctor.examine(keep_token(organisation, secret, label, person=person, now=now), person=person)


@sensitive_variables("secret")
@transaction.atomic
def keep_token(
    organisation: Organisation, secret: str, label: str, *, person: Any, now: datetime
) -> Token:
    """The token with this secret, on record where it is new. Nobody looks at what it can do."""
    token, is_new = tokens.store(
        organisation, secret=secret, label=label.strip() or f"…{secret[-4:]}", person=person
    )
    if is_new:
        audit.record(
            "token.added",
            at=now,
            organisation=organisation,
            person=person,
            details=tokens.facts_of(token),
            after={"label": token.label},
        )
    return token


def read_again(organisation: Organisation, *, now: datetime) -> str:
    """The catalogue, now; the code of what hindered it, or ""."""
    try:
        catalogue.refresh(organisation, now=now)
    except (connect.ConnectError, NoToken) as error:
        return problem_of(error)
    return ""


def free_name(name: str, *, but: Organisation | None = None) -> str:
    """Raises Invalid for none, a long one, and one that another organisation has."""
    wanted = " ".join(name.split())
    if not wanted:
        raise Invalid({"name": "required"})
    if len(wanted) > LONGEST_NAME:
        raise Invalid({"name": "too_long"})
    others = Organisation.objects.filter(name__iexact=wanted)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Invalid({"name": "taken"})
    return wanted


def free_slug(name: str) -> str:
    """Part of the addresses of its pages; it stays when the name changes, so links stay true."""
    base = slugify(name)[:60] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in free if slug not in taken)
