"""What a change sets off at RocketLead, as one line before it is made."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from bookingapp.domain.consequences import Consequence


def line(consequence: Consequence) -> str:
    """For example "Fires 2 automation events now and 2 at the appointment; …"."""
    dropped = _dropped(consequence.dropped)
    fired = _fired(consequence)
    if dropped:
        return gettext("{fired}; {dropped}.").format(fired=fired, dropped=dropped)
    return gettext("{fired}.").format(fired=fired)


def _fired(consequence: Consequence) -> str:
    now, later = consequence.now, consequence.at_appointment
    if not now and not later:
        return gettext("Fires no automation event")
    if not now:
        return ngettext(
            "Fires {n} automation event at the appointment",
            "Fires {n} automation events at the appointment",
            later,
        ).format(n=later)
    at_once = ngettext(
        "Fires {n} automation event now", "Fires {n} automation events now", now
    ).format(n=now)
    if not later:
        return at_once
    return gettext("{at_once} and {n} at the appointment").format(at_once=at_once, n=later)


def _dropped(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "{n} scheduled one is dropped", "{n} scheduled ones are dropped", number
    ).format(n=number)
