"""Every code of the domain as sentences for staff: what happened, what comes next, what to do.

No code reaches a page raw and one word stays one thing. The reasons are in ``reasons``, the
headlines in ``titles``; pages use them from here. What only Connect's 2xx makes true ("Booked",
"Moved", "Cancelled") is said in ``DONE_WORDS`` and nowhere else: a test looks for it in every
sentence and template (design law 8).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookingapp.domain.states import Reason
from bookingapp.web.presenters.reasons import (
    NO_STORY,
    OF_A_LEAD,
    OF_LEADS,
    REASONS,
    Text,
    Told,
)
from bookingapp.web.presenters.titles import (
    ASKED,
    BOOKING,
    CANCEL,
    CLOSED,
    DONE_WORDS,
    LEAD,
    LEAD_EDIT,
    LEAD_MOVE,
    MOVE,
    STEPS,
    StepWords,
    step,
    title,
)

__all__ = [
    "ACTIONS",
    "ASKED",
    "BOOKING",
    "CANCEL",
    "CLOSED",
    "DONE_WORDS",
    "FIELDS",
    "LATER",
    "LEAD",
    "LEAD_EDIT",
    "LEAD_MOVE",
    "MOVE",
    "NO_STORY",
    "PANEL",
    "PAUSED",
    "REASONS",
    "STEPS",
    "WARNINGS",
    "StepWords",
    "Text",
    "Told",
    "field",
    "reason",
    "step",
    "title",
]

PAUSED = _("Paused for want of a token")
LATER: dict[str, Text] = {
    "scope": _("It needs a token with the scope “{scope}”."),
    "at": _("Next try at {at}."),
}
WARNINGS: dict[str, Text] = {
    "link_missing": _(
        "Connect did not confirm the link to the lead. The appointment stands, but it may not "
        "show at the lead: please look in RocketLead."
    ),
}

# What stands beside a field that must be mended.
FIELDS: dict[str, Text] = {
    "required": _("Please fill this in."),
    "known": _("This id belongs to another booking. Check it in RocketLead."),
    "known_lead": _("This id belongs to another lead. Check it in RocketLead."),
    "phone_or_email": _("Give a phone number or an email address."),
    "phone": _("This number is too short."),
    "email": _("This is not a complete email address."),
    "no_default_state": _("This lead pool has no default state; choose another one."),
    "past": _("This time has passed. Choose another one."),
    "choose_lead": _("Choose a lead from the list, or make a new one."),
    "unknown_lead": _("This lead is not known here. Search again."),
    "not_created": _("This lead could not be created at Connect. Make it anew."),
    "too_long": _("This is too long."),
    "unreadable": _("The form was incomplete. Choose the time again."),
}

# Why the panel was not accepted as a whole.
PANEL: dict[str, Told] = {
    "slot_gone": Told(
        _("This time is no longer offered."),
        _("The grid is fresh; everything you typed is kept."),
        _("Choose another time."),
    ),
    "unreadable": Told(
        _("Availability cannot be read right now, so nothing was asked for."),
        _("Everything you typed is kept."),
        _("Try again in a moment."),
    ),
    "already_booked": Told(
        _("{name} already has a booking at this time."),
        can=_("If a second one is meant, say so."),
    ),
    "intent_reused": Told(
        _("This form was already used, for {what}."),
        _("That one stands; nothing was sent again."),
        _("Below is a fresh form with what you typed."),
    ),
    "not_offered": Told(_("This choice is no longer offered."), can=_("Choose another one.")),
    "already_settled": Told(_("This was decided in the meantime. Here is how it stands.")),
    "settled": Told(_("Noted.")),
}

ACTIONS: dict[str, Text] = {
    "next_try": _("Next slot tried"),
    "chosen": _("Another time chosen"),
    "again": _("Sent again"),
    "resumed": _("Going on"),
    "putting_back": _("The old time is taken again"),
    "making_way": _("The old time is freed first"),
}


def reason(code: str, kind: str = "") -> Told:
    """The story of a reason, of a write of ``kind`` where that makes a difference; an unknown code
    (an older row) has none rather than a raw word.
    """
    try:
        known = Reason(code)
    except ValueError:
        return NO_STORY
    if kind in OF_LEADS and known in OF_A_LEAD:
        return OF_A_LEAD[known]
    return REASONS[known]


def field(code: str) -> Text:
    """What to tell beside a field; Connect's own words come through as they are."""
    return FIELDS.get(code, code)
