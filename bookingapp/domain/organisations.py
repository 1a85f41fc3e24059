"""An organisation itself: connected, renamed, moved to another address, and what of it is used."""

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
from bookingapp.domain import addresses, audit, catalogue, doctor, gateway, standing, tokens
from bookingapp.domain.errors import Invalid, NoToken
from bookingapp.domain.models import Calendar, LeadPool, Organisation, Role, Write
from bookingapp.domain.problems import SCOPE_TOO_NARROW, TOKEN_REJECTED, problem_of
from bookingapp.domain.states import UNFINISHED

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
    add_token(organisation, new.secret.strip(), new.label, person=person)
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
def add_token(organisation: Organisation, secret: str, label: str, *, person: Any) -> None:
    """Kept sealed, and looked at for what it can do; that may be found out later, too."""
    token, _ = tokens.store(
        organisation, secret=secret, label=label.strip() or f"…{secret[-4:]}", person=person
    )
    doctor.examine(token, person=person)


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


def moves_away(organisation: Organisation, connect_url: str) -> bool:
    """Whether tokens would go to another scheme, host or port than they were made for."""
    return addresses.origin(organisation.connect_url) != addresses.origin(connect_url)


def open_writes(organisation: Organisation) -> int:
    """How many changes are still on their way to Connect."""
    mine = Write.objects.filter(organisation=organisation)
    return mine.filter(state__in=UNFINISHED).count()


def change(
    organisation: Organisation, name: str, connect_url: str, *, person: Any, now: datetime
) -> int:
    """Another name, another (checked) address; how many tokens were forgotten.

    Another origin forgets them all: whoever may change the address could otherwise have them sent
    to a machine of theirs. Raises Invalid, BadAddress; then nothing is changed.
    """
    wanted = {
        "name": free_name(name, but=organisation),
        "connect_url": addresses.checked(connect_url),
    }
    with transaction.atomic():
        row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        before = {key: getattr(row, key) for key in wanted if getattr(row, key) != wanted[key]}
        if not before:
            return 0
        gone = _forget_tokens(row) if moves_away(row, wanted["connect_url"]) else []
        for key, value in wanted.items():
            setattr(row, key, value)
        row.save(update_fields=list(wanted))
        audit.record(
            "organisation.changed",
            at=now,
            organisation=row,
            person=person,
            details={"tokens_forgotten": gone} if gone else {},
            before=before,
            after={key: wanted[key] for key in before},
        )
    transaction.on_commit(standing.forget)
    return len(gone)


def _forget_tokens(organisation: Organisation) -> list[dict[str, Any]]:
    rows = list(organisation.tokens.all())
    organisation.tokens.all().delete()
    return [tokens.facts_of(row) for row in rows]


def use(
    organisation: Organisation,
    *,
    calendars: Collection[int],
    pools: Collection[int],
    person: Any,
    now: datetime,
) -> None:
    """Offer only these (our keys) for choice; the others stay known, and are found by search.

    Raises Invalid where there are calendars and none is chosen; the same of ``pools``.
    """
    hidden = {
        "hidden_calendars": _others(Calendar, organisation, calendars, "calendars"),
        "hidden_pools": _others(LeadPool, organisation, pools, "pools"),
    }
    with transaction.atomic():
        row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        before = {key: row.settings.get(key, []) for key in hidden}
        row.settings = {**row.settings, **hidden}
        # Each process reads its copy of the catalogue again.
        row.catalogue_version += 1
        row.save(update_fields=["settings", "catalogue_version"])
        audit.record(
            "organisation.use_chosen",
            at=now,
            organisation=row,
            person=person,
            before={key: value for key, value in before.items() if value != hidden[key]},
            after={key: value for key, value in hidden.items() if value != before[key]},
        )
    transaction.on_commit(standing.forget)


def _others(
    model: type[Calendar | LeadPool],
    organisation: Organisation,
    chosen: Collection[int],
    name: str,
) -> list[str]:
    """The Connect ids of all that were not chosen. What is gone stays as it was."""
    rows = list(model._default_manager.filter(organisation=organisation))
    known = set(organisation.settings.get(f"hidden_{name}", []))
    listed = [row for row in rows if row.gone_at is None]
    if listed and not any(row.pk in chosen for row in listed):
        raise Invalid({name: "required"})
    left = {row.connect_id for row in listed if row.pk not in chosen}
    return sorted(left | {row.connect_id for row in rows if row.gone_at} & known)


def checked_address(connect_url: str) -> str:
    """As it would be kept. Raises BadAddress."""
    return addresses.checked(connect_url)


def plain_address(connect_url: str) -> str:
    """As it would be kept, without looking where it leads; "" where it will not do."""
    try:
        return addresses.normal(connect_url)
    except Invalid:
        return ""
