"""Tokens in words: what they may, how they stand, what the doctor found, why one was refused."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.token_powers import Ability
from bookingapp.domain.token_states import Standing
from bookingapp.web.presenters.sentences import Text

SCOPES: dict[str, Text] = {
    "read": _("reads"),
    "write": _("reads, books and changes"),
    "admin": _("reads, books, changes and deletes"),
    "": _("not known yet"),
}
# As RocketLead's console calls them.
CONSOLE: dict[str, str] = {"read": "read", "write": "write", "admin": "admin", "": "write"}

ABILITIES: dict[str, Text] = {
    Ability.READ: _("Show availability, calendars and lead pools"),
    Ability.BOOK: _("Book appointments"),
    Ability.LEADS: _("Create and change leads"),
    Ability.CANCEL: _("Cancel appointments"),
    Ability.MOVE: _("Move appointments"),
}
USES: dict[str, Text] = {
    Ability.READ: _("reading"),
    Ability.BOOK: _("booking"),
    Ability.LEADS: _("leads"),
    Ability.CANCEL: _("cancelling"),
    Ability.MOVE: _("moving"),
}
# Standing to its word, tone and icon.
STANDINGS: dict[str, tuple[Text, str, str]] = {
    Standing.GOOD: (_("Good"), "good", "check"),
    Standing.UNCHECKED: (_("Never checked"), "warning", "question"),
    Standing.REJECTED: (_("Rejected by Connect"), "bad", "cross"),
    Standing.SET_ASIDE: (_("Set aside"), "quiet", "hourglass"),
    Standing.SEALED: (_("Cannot be opened"), "bad", "blocked"),
}
ERRORS: dict[str, dict[str, Text]] = {
    "secret": {
        "required": _("Paste the token here."),
        "known": _("This token is here already."),
        "rejected": _(
            "Connect rejects this token: it was revoked, has expired, or was not copied whole."
            " Nothing was kept."
        ),
        "quotes": _("There are quotation marks in it. Copy only the token itself."),
        "blank_inside": _("There is a blank or a line break inside. Copy the token in one piece."),
        "shortened": _(
            "It was shortened when it was shown. Copy it with the button in RocketLead."
        ),
        "other_letters": _("It holds letters that no token has. Copy it again."),
        "prefix": _("A token of RocketLead begins with rocketlead_. Copy it whole."),
        "too_long": _("This is longer than a token. Copy only the token itself."),
    },
    "label": {
        "required": _("Give it a name that says what it is for."),
        "too_long": _("This is too long."),
        "secret": _("This looks like the token itself. It belongs into the field for it."),
    },
    "expires_on": {
        "past": _("This day has passed."),
        "invalid": _("This is not a day. Write it as 2026-11-24."),
    },
}
# What an admin is told after the doctor, by verdict; tone first.
VERDICTS: dict[str, tuple[str, Text]] = {
    "admin": ("good", _("Connect accepts it for everything: reading, booking and deleting.")),
    "write": ("good", _("Connect accepts it for reading, booking and changing, not for deleting.")),
    "read": ("good", _("Connect accepts it for reading only.")),
    "rejected": (
        "bad",
        _("Connect rejects it: it was revoked or has expired. Replace it or remove it."),
    ),
    "sealed": (
        "bad",
        _("It cannot be opened with the keys of this installation. Add it again, or remove it."),
    ),
    "unclear": ("warning", _("Connect could not be asked. What was known about it stays.")),
    "skipped": ("warning", _("Not asked: Connect did not answer for another token.")),
}


def abilities(found: Iterable[Ability]) -> list[str]:
    return [str(ABILITIES[one]) for one in found]


def uses(found: Iterable[Ability]) -> str:
    """ "reading, booking"; "" for none."""
    return ", ".join(str(USES[one]) for one in found)


def expiry(days: int) -> str:
    if days < 0:
        return gettext("by its date it has ended")
    if days == 0:
        return gettext("today is its last day")
    return gettext("1 day left") if days == 1 else gettext("{n} days left").format(n=days)


def moved(address: str) -> str:
    """Of a token that was pasted for another address than the organisation has now."""
    return gettext(
        "The address of this organisation was changed to {address} while you were here."
        " Check it and paste the token again."
    ).format(address=address)


def error(field: str, code: str) -> str:
    return str(ERRORS.get(field, {}).get(code, _("Please check this.")))
