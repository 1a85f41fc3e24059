"""Codes about people and invitations as words. Pure."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.people.errors import (
    HoldsOpenWrites,
    LastAdmin,
    NotAllowed,
    NotHere,
    StillHere,
    WorkedElsewhere,
    WorksElsewhere,
)

# What each role may do; each includes the one before.
MAY = {
    "staff": _("Books, moves and cancels appointments, creates and edits leads, follows up."),
    "manager": _(
        "Also moves leads in bulk and across protected states, settles what is stuck for others, "
        "imports and exports."
    ),
    "admin": _("Also manages tokens, people, policies, hooks and privacy, reads the audit log."),
}

REFUSED = {
    NotAllowed.code: _("Your role does not allow this (any more)."),
    NotHere.code: _("This person does not work here any more."),
    LastAdmin.code: _(
        "Somebody must stay who manages the people: make another person administrator first."
    ),
    WorksElsewhere.code: _(
        "This person also works in an organisation you do not administer, so a link of yours "
        "could open more than is yours. Somebody who is administrator in all of them can make "
        "it, or whoever runs this installation."
    ),
    StillHere.code: _(
        "The account is open: this person works somewhere. Only closed accounts are erased."
    ),
    WorkedElsewhere.code: _(
        "This person also worked in an organisation you do not administer, or owns this "
        "installation. Somebody who is administrator in all of them, or another owner, can "
        "erase the account."
    ),
    HoldsOpenWrites.code: _(
        "Something is still this person's to look after. Settle it under “Needs you” first, or "
        "bring them back and hand it on when they leave."
    ),
}

FIELDS = {
    "username": {
        "required": _("Choose a user name."),
        "invalid": _("2 to 150 letters, digits and . + - _ only."),
        "taken": _("Somebody has this user name already. Choose another one."),
    },
    "name": {"too_long": _("At most 150 letters each.")},
    "email": {
        "invalid": _("This is no email address."),
        "taken": _("There is an account with this address. Sign in with it, then open the link."),
    },
    "password": {
        "password_too_short": _("Too short: at least 8 characters."),
        "password_too_common": _("Too common: one of the first that anybody would try."),
        "password_entirely_numeric": _("Only digits: use letters too."),
        "password_too_similar": _("Too much like your name or address."),
        "password_too_long": _("Too long."),
        "differs": _("The two do not match."),
    },
    "to": {"required": _("Choose who takes over what is open.")},
}


def refused(code: str) -> str:
    return str(REFUSED[code])


def field(name: str, codes: str) -> str:
    """What is wrong with a field, for codes joined by spaces."""
    words: dict[str, Promise | str] = dict(FIELDS.get(name, {}))
    return " ".join(str(words[code]) for code in codes.split() if code in words) or str(
        _("This cannot be taken.")
    )
