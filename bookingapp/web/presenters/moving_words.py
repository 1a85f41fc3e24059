"""What is told when a move is not accepted, by the codes of the domain."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookingapp.web.presenters.sentences import Text, Told

STILL = _("The booking stays where it is until another time is chosen.")
FIELDS: dict[str, Text] = {
    "same": _("This is where the booking is now. Choose another time."),
    "past": _("This time has passed. Choose another one."),
    "required": _("The id of this booking at RocketLead is not known here."),
    "unreadable": _("The form was incomplete. Choose the time again."),
}
REFUSALS: dict[str, Told] = {
    "slot_gone": Told(
        _("This time is no longer offered."), STILL, _("The grid is fresh: choose another time.")
    ),
    "unread": Told(
        _("Availability cannot be read right now, so nothing was asked for."),
        STILL,
        _("Try again in a moment."),
    ),
    "intent_reused": Told(
        _("This form was already used, for {what}."),
        _("That one stands; nothing was sent again."),
    ),
    "invalid": Told(_("Not sent."), STILL),
}


def field(code: str) -> Text:
    """A code of the domain as a sentence; Connect's own words come through as they are."""
    return FIELDS.get(code, code)
