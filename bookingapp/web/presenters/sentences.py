"""Every code of the domain as sentences for staff: what happened, what comes next, what to do.

One file, so that no code reaches a page raw and one word stays one thing. "Booked" is said in
``DONE_WORDS`` and nowhere else: a test looks for it in every sentence and template (design law 8).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.states import Kind, Reason, State

Text = str | Promise
NOTHING_TWICE = _("Nothing is sent twice until that is known.")
BY_ITSELF = _("It goes on by itself; you need not wait here.")
WITH_TOKEN = _("It goes on by itself once an administrator has added a good token.")


@dataclass(frozen=True, slots=True)
class Told:
    """``happened``, then ``ahead``: what the desk does now, then ``can``: what a person can do."""

    happened: Text
    ahead: Text = ""
    can: Text = ""


NO_STORY = Told("")

REASONS: dict[Reason, Told] = {
    Reason.NONE: NO_STORY,
    Reason.SLOW_DOWN: Told(_("Connect asks us to slow down."), BY_ITSELF),
    Reason.CONNECT_FAILED: Told(
        _("Connect answered that it failed."),
        _("The desk looks whether anything was made before it tries again."),
    ),
    Reason.NOT_REACHED: Told(_("Connect could not be reached; nothing was sent."), BY_ITSELF),
    Reason.CIRCUIT_OPEN: Told(
        _("Connect did not answer lately, so the desk leaves it alone for a moment."), BY_ITSELF
    ),
    Reason.TOKEN_REJECTED: Told(
        _("Connect does not accept our token."), WITH_TOKEN, _("Tell an administrator.")
    ),
    Reason.SCOPE_TOO_NARROW: Told(
        _("Our token is not allowed to do this."), WITH_TOKEN, _("Tell an administrator.")
    ),
    Reason.NO_TOKEN: Told(
        _("There is no API token that may do this."), WITH_TOKEN, _("Tell an administrator.")
    ),
    Reason.LEAD_PENDING: Told(
        _("The new lead is created first."), _("The booking follows as soon as the lead is there.")
    ),
    Reason.TURN_PENDING: Told(
        _("An earlier change of the same lead is still on its way."),
        _("This one follows as soon as that has ended."),
    ),
    Reason.NO_AVAILABILITY: Told(
        _("Availability could not be read, so nothing was sent."), BY_ITSELF
    ),
    Reason.ANSWER_LOST: Told(
        _("The connection broke before the answer came, so it may or may not have worked."),
        NOTHING_TWICE,
    ),
    Reason.ANSWER_UNREADABLE: Told(
        _("The answer could not be read, so it may or may not have worked."), NOTHING_TWICE
    ),
    Reason.GATEWAY_FAILED: Told(
        _("A server in between failed, so it may or may not have worked."), NOTHING_TWICE
    ),
    Reason.WORKER_LOST: Told(
        _("Our own process stopped while it was sending, so it may or may not have worked."),
        NOTHING_TWICE,
    ),
    Reason.SLOT_TAKEN: Told(
        _("Somebody else was faster: this time has no seat left."),
        _("Nothing else is taken without your word."),
        _("Choose another time."),
    ),
    Reason.CANNOT_TELL: Told(
        _("It may or may not have worked, and the counts do not say which."),
        NOTHING_TWICE,
        _("Look in RocketLead and say what is true."),
    ),
    Reason.CONFLICT: Told(
        _("Connect speaks of a conflict, yet the time is still free."),
        _("Nothing more is sent by itself."),
        _("Look in RocketLead and say what is true."),
    ),
    Reason.REDIRECTED: Told(
        _("Connect pointed us to another address. Nothing of yours was sent there."),
        _("Nothing more is sent by itself."),
        _("Tell an administrator: the address of this organisation may be wrong."),
    ),
    Reason.GAVE_UP: Told(
        _("Connect failed too often."),
        _("The desk has stopped trying."),
        _("Look in RocketLead and say what is true."),
    ),
    Reason.BROKEN: Told(
        _("Something went wrong on our side. It has been logged."),
        NOTHING_TWICE,
        _("Look in RocketLead and say what is true."),
    ),
    Reason.NO_APPOINTMENT: Told(
        _("The old time was freed, then neither the new time nor the old one could be taken."),
        _("Nothing more is sent by itself."),
        _("Take another time now, or say what is true in RocketLead."),
    ),
    Reason.TWO_BOOKINGS: Told(
        _("The new time is taken, but the old one could not be deleted: both stand."),
        _("Nothing more is sent by itself."),
        _("Look in RocketLead whether the old one is still there."),
    ),
    Reason.NOT_RESTORED: Told(
        _("The appointment is moved, but the lead could not be set back to its own state."),
        _("Nothing more is sent by itself."),
        _("Look in RocketLead which state the lead has."),
    ),
    Reason.INVALID: Told(
        _("Connect did not accept it."),
        _("Nothing was made."),
        _("Mend what Connect names and ask again."),
    ),
    Reason.VANISHED: Told(
        _("Connect no longer knows something that this needs."),
        _("Nothing was made."),
        _("Choose again on a fresh grid."),
    ),
    Reason.LEAD_REFUSED: Told(
        _("The new lead could not be created, so its booking was not sent."),
        _("Nothing was made."),
        _("Mend the lead and ask again."),
    ),
    Reason.DECLINED: Told(_("Somebody closed this. Nothing more is sent.")),
    Reason.PUT_BACK: Told(
        _("The new time was not accepted, so the old appointment was put back."),
        _("The lead still has the old time."),
        _("Choose another new time."),
    ),
    Reason.SETTLED_BY_PERSON: Told(_("A person looked in RocketLead and found it there.")),
    Reason.LATE_ANSWER: Told(_("The answer came late; it had worked after all.")),
    Reason.SECOND_ANSWER: Told(
        _("Connect confirmed it twice: it may be there two times."),
        "",
        _("Look in RocketLead and delete the one too many."),
    ),
    Reason.ASKED: Told(_("Written down.")),
    Reason.CLAIMED: Told(_("On its way to Connect.")),
    Reason.PROVEN_ABSENT: Told(
        _("The counts prove that the first try did not work."), _("It is sent again.")
    ),
    Reason.CHOSEN: Told(_("A person decided how to go on.")),
    Reason.RESUMED: Told(_("What it waited for is there.")),
    Reason.NEXT_TRY: Told(_("That slot was taken; the next one that you allowed is tried.")),
    Reason.LEASE_EXPIRED: Told(_("Our own process stopped before anything was sent.")),
    Reason.UNDO_WINDOW: Told(
        _("Nothing is sent yet; it can still be undone."), _("It is sent once this time is over.")
    ),
    Reason.CHANGED_MIND: Told(_("Taken back in time. Nothing was sent.")),
    Reason.REPEATABLE: Told(
        _("Whether it worked is not known, but sending it again changes nothing twice."),
        _("It is sent again."),
    ),
    Reason.STEP_DONE: Told(_("This step is done; the next one follows.")),
    Reason.PUTTING_BACK: Told(
        _("The new time could not be taken, so the old appointment is put back.")
    ),
}

# The headline of a write, by kind and state.
BOOKING: dict[State, Text] = {
    State.HELD: _("Can still be undone"),
    State.DUE: _("Asked for"),
    State.SENDING: _("Sending to Connect…"),
    State.WAITING: _("Waiting, nothing is lost"),
    State.CHECKING: _("Checking whether it worked…"),
    State.ASKING: _("Taken in between – which time instead?"),
    State.STUCK: _("A person must look"),
    State.REFUSED: _("Not accepted"),
    State.UNDONE: _("Undone, nothing was sent"),
}
LEAD: dict[State, Text] = {
    **BOOKING,
    State.DUE: _("New lead asked for"),
    State.SENDING: _("Creating the lead…"),
    State.CHECKING: _("Checking whether the lead was created…"),
    State.DONE: _("Lead created"),
    State.REFUSED: _("Lead not accepted"),
}
DONE_WORDS: dict[str, Text] = {
    "title": _("Booked"),
    "step": _("Booked: Connect has confirmed it"),
    "say": _("{name} is booked for {when}."),
    "say_nameless": _("Booked for {when}."),
}

PAUSED = _("Paused for want of a token")
CLOSED = _("Closed")
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
    "asked": _("Asked for"),
    "next_try": _("Next slot tried"),
    "chosen": _("Another time chosen"),
    "again": _("Sent again"),
    "resumed": _("Going on"),
}


def reason(code: str) -> Told:
    """The story of a reason; an unknown code (an older row) has none rather than a raw word."""
    try:
        return REASONS[Reason(code)]
    except ValueError:
        return NO_STORY


def title(kind: str, state: str, why: str = "") -> Text:
    """The headline of a write. Only a booking that is done says that it is."""
    if state == State.REFUSED and why == Reason.DECLINED:
        return CLOSED
    if kind == Kind.CREATE_LEAD:
        return LEAD[State(state)]
    if state == State.DONE:
        return DONE_WORDS["title"]
    return BOOKING[State(state)]


def field(code: str) -> Text:
    """What to tell beside a field; Connect's own words come through as they are."""
    return FIELDS.get(code, code)
