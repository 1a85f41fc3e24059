"""How a token stands: its state, its rest of life, and whether it may be used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from bookingapp.domain import tokens
from bookingapp.domain.models import Organisation, Token
from bookingapp.domain.token_powers import Power


class Standing(StrEnum):
    GOOD = "good"
    UNCHECKED = "unchecked"
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"
    # None of TOKEN_KEYS opens it.
    SEALED = "sealed"


class Together(StrEnum):
    """How all tokens stand that calls may be made with. Those set aside do not count."""

    GOOD = "good"
    # Connect rejects some; calls are made with the others.
    SOME_REJECTED = "some_rejected"
    REJECTED = "rejected"
    SEALED = "sealed"
    NONE = "none"


def standing(token: Token) -> Standing:
    if not tokens.is_open(token):
        return Standing.SEALED
    if token.retired_at:
        return Standing.SET_ASIDE
    if token.rejected_at:
        return Standing.REJECTED
    return Standing.GOOD if token.scope else Standing.UNCHECKED


def together(rows: Iterable[Token]) -> Together:
    """REJECTED and SEALED: none of them will do."""
    found = {standing(row) for row in rows if row.retired_at is None}
    if found & {Standing.GOOD, Standing.UNCHECKED}:
        return Together.SOME_REJECTED if Standing.REJECTED in found else Together.GOOD
    if Standing.REJECTED in found:
        return Together.REJECTED
    return Together.SEALED if found else Together.NONE


def days_left(token: Token, today: date) -> int | None:
    """Whole days until its last one; negative afterwards, None when it has none."""
    return (token.expires_on - today).days if token.expires_on else None


def powers(rows: Iterable[Token]) -> list[Power]:
    """The tokens that calls may choose from, in the order of choice."""
    usable = {Standing.GOOD, Standing.UNCHECKED}
    return [Power(row.pk, row.scope) for row in rows if standing(row) in usable]


def rows_of(organisation: Organisation) -> list[Token]:
    """All tokens of an organisation, those set aside last; each with the address it is for, which
    is not the one of ``organisation`` any more when that was changed a moment ago.
    """
    rows = organisation.tokens.select_related("organisation", "added_by", "replaces")
    return sorted(rows, key=lambda row: (row.retired_at is not None, row.pk))
