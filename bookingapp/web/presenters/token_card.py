"""A token as a card: everything about it but its secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from bookingapp.domain import token_powers, token_states
from bookingapp.domain.doctor import Finding
from bookingapp.domain.models import Token
from bookingapp.domain.token_powers import Ability
from bookingapp.domain.token_states import Standing
from bookingapp.web.presenters import token_finding, token_words
from bookingapp.web.presenters.sentences import Text


@dataclass(frozen=True, slots=True)
class Expiry:
    day: str
    left: str
    tone: str


@dataclass(frozen=True, slots=True)
class Card:
    """``stops``: what stops working without it; ``used_for``: "" where no call chooses it."""

    row: Token
    standing: Standing
    word: Text
    tone: str
    icon: str
    fingerprint: str
    scope: Text
    used_for: str
    stops: list[str]
    expiry: Expiry | None
    refused: str
    by: str
    is_being_replaced: bool
    finding: token_finding.Shown | None

    @property
    def is_aside(self) -> bool:
        return self.row.retired_at is not None

    @property
    def is_sealed(self) -> bool:
        return self.standing == Standing.SEALED


@dataclass(frozen=True, slots=True)
class Can:
    """One thing the desk does, and the token that does it; "" for none."""

    what: str
    by: str


@dataclass(frozen=True, slots=True)
class View:
    """From where and when the cards are looked at."""

    zone: ZoneInfo
    now: datetime
    warn_days: int

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def cards(
    rows: Iterable[Token], view: View, findings: Iterable[Finding] | None = None
) -> list[Card]:
    """A card for each token, with what the doctor has just found about it."""
    known = list(rows)
    found = {finding.token.pk: finding for finding in findings or ()}
    powers = token_states.powers(known)
    uses = token_powers.uses(powers)
    replaced = {row.replaces_id for row in known if not row.retired_at}
    return [
        _card(
            row,
            view,
            uses.get(row.pk, []),
            token_powers.lost_without(powers, row.pk),
            is_being_replaced=row.pk in replaced,
            finding=found.get(row.pk),
        )
        for row in known
    ]


def _card(
    row: Token,
    view: View,
    used_for: list[Ability],
    stops: list[Ability],
    *,
    is_being_replaced: bool,
    finding: Finding | None,
) -> Card:
    standing = token_states.standing(row)
    word, tone, icon = token_words.STANDINGS[standing]
    return Card(
        row=row,
        standing=standing,
        word=word,
        tone=tone,
        icon=icon,
        fingerprint=grouped(row.fingerprint),
        scope=token_words.SCOPES[row.scope],
        used_for=token_words.uses(used_for),
        stops=token_words.abilities(stops),
        expiry=expiry(row, view),
        refused=refusal(row),
        by=str(row.added_by.get_full_name() or row.added_by) if row.added_by else "",
        is_being_replaced=is_being_replaced,
        finding=token_finding.shown(finding) if finding else None,
    )


def cans(rows: Iterable[Token]) -> list[Can]:
    """What the desk can do at Connect now, in the order of power."""
    known = list(rows)
    labels = {row.pk: row.label for row in known}
    uses = token_powers.uses(token_states.powers(known))
    by = {ability: labels[pk] for pk, done in uses.items() for ability in done}
    return [
        Can(str(words), by.get(Ability(one), "")) for one, words in token_words.ABILITIES.items()
    ]


def expiry(row: Token, view: View) -> Expiry | None:
    days = token_states.days_left(row, view.today)
    if row.expires_on is None or days is None:
        return None
    tone = "quiet" if days > view.warn_days else "warning"
    shape = pgettext("day in a list (Django date letters)", "D j M Y")
    return Expiry(dateformat.format(row.expires_on, shape), token_words.expiry(days), tone)


def refusal(row: Token) -> str:
    """What it was refused with last; "" if never."""
    told = {401: gettext("401: not accepted"), 403: gettext("403: not enough for the call")}
    return told.get(row.refused_status or 0, "") if row.refused_at else ""


def grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
