"""An organisation that is connected: renamed, moved to another address, and what of it is used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import addresses, audit, connecting, token_expiry, tokens
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Calendar, LeadPool, Organisation, Write
from bookingapp.domain.states import UNFINISHED


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
        "name": connecting.free_name(name, but=organisation),
        "connect_url": addresses.checked(connect_url),
    }
    with transaction.atomic():
        row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        before = {key: getattr(row, key) for key in wanted if getattr(row, key) != wanted[key]}
        if not before:
            return 0
        gone = forget_tokens(row) if moves_away(row, wanted["connect_url"]) else []
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
    return len(gone)


def forget_tokens(organisation: Organisation) -> list[dict[str, Any]]:
    """What the audit log may say of them. Inside a transaction."""
    rows = list(organisation.tokens.all())
    organisation.tokens.all().delete()
    token_expiry.forget(organisation)
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


def plain_address(connect_url: str) -> str:
    """As it would be kept, without looking where it leads; "" where it will not do."""
    try:
        return addresses.normal(connect_url)
    except Invalid:
        return ""
