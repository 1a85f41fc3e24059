"""What is said about an organisation's address and token, and about what Connect answered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookingapp.domain.addresses import BadAddress
from bookingapp.domain.connecting import Trial
from bookingapp.domain.errors import Invalid


def fields(error: Invalid) -> dict[str, str]:
    """Field to sentence, of everything that was refused."""
    if isinstance(error, BadAddress):
        return {"connect_url": address(error)}
    return {name: _field(name, code) for name, code in error.fields.items()}


def address(error: BadAddress) -> str:
    """Why the address will not do, and what would."""
    sentences = {
        "required": _("Give the address of Connect."),
        "unreadable": _(
            "This is not a complete address. It begins with https://, then the name of the host."
        ),
        "too_long": _("This is too long for an address."),
        "person": _("Leave out the name and password before the @: the token is given below."),
        "more": _("Leave out everything after ? or #."),
        "plain": _(
            "Only https:// is safe for a token. Without it {host} can only be used when the "
            "operator of this installation allows it."
        ),
        "unknown": _("There is no host named {host}. Check the spelling."),
        "closed": _(
            "{host} leads to {found}, which is not a public address. The operator of this "
            "installation can allow it."
        ),
    }
    found = error.found or _("a closed address")
    return sentences[error.reason].format(host=error.host, found=found)


def problem(code: str) -> str:
    """Why Connect could not be read, for an admin; "" for no problem."""
    if not code:
        return ""
    sentences = {
        "required": _("Please fill this in."),
        "no_token": _("There is no token to ask with. Add one first."),
        "token_rejected": _("Connect does not accept this token. Copy it once more, all of it."),
        "scope_too_narrow": _("Connect does not let this token read. Make one that may."),
        "address_closed": _("The address leads where this desk may not go."),
        "not_reached": _("Nothing answers at this address. Check it, then try again."),
        "connect_failed": _("Connect answers there, but with an error. Try again in a moment."),
        "slow_down": _("Connect asks us to slow down. Try again in a minute."),
        "vanished": _("Something answers at this address, but it is not Connect. Check the path."),
        "unreadable": _("Something answers at this address, but it is not Connect. Check it."),
    }
    return sentences.get(code) or _("Something went wrong on our side. It has been logged.")


def seen(trial: Trial) -> str:
    """What a trial that went well showed."""
    calendars = ngettext("{n} calendar", "{n} calendars", len(trial.calendars))
    pools = ngettext("{n} lead pool", "{n} lead pools", len(trial.pools))
    return _("Connect answers: {calendars}, {pools}.").format(
        calendars=calendars.format(n=len(trial.calendars)), pools=pools.format(n=len(trial.pools))
    )


def _field(name: str, code: str) -> str:
    known = {
        ("name", "required"): _("Give it a name."),
        ("name", "taken"): _("Another organisation has this name."),
        ("name", "too_long"): _("This is too long."),
        ("secret", "required"): _("Paste the token that Connect showed you."),
        ("calendars", "required"): _("Choose at least one calendar."),
        ("pools", "required"): _("Choose at least one lead pool."),
    }
    return known.get((name, code)) or problem(code)
