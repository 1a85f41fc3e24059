"""What a person is asked about a write that is stuck, and what its buttons say: by kind, step and
reason. Pure.

A write of several steps is asked about the step it is at: "The old booking is gone" is the same
answer to the desk as "It is there" (the step happened), only in the words of what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bookingapp.domain import needs_you
from bookingapp.domain.kinds import plan
from bookingapp.domain.kinds.finishing import ended_of
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind, Reason, State
from bookingapp.web.presenters.sentences import Text

BOOKING_ID = _("Id of the booking in RocketLead")
LEAD_ID = _("Id of the lead in RocketLead")
THERE = _("It is there")
NOT_THERE = _("It is not there: send again")
CLOSE = _("Close it")


@dataclass(frozen=True, slots=True)
class Ways:
    """``question`` is what to look for in RocketLead; ``present`` and ``absent`` answer it.

    ``id_label``: the field for the id of what was found; "" where there is nothing to identify.
    ``after_closing``: what then stays as it is. All may name {who} and {state}.
    """

    question: Text
    present: Text = THERE
    absent: Text = NOT_THERE
    close: Text = CLOSE
    id_label: Text = ""
    id_needed: bool = False
    after_closing: Text = ""


DELETED = _("The old booking is gone")
DELETE_AGAIN = _("Send the delete again")
STATE_SET = _("It has this state")
SET_AGAIN = _("It has not: set it again")
STANDS = _("Closing it leaves the appointment as it is.")
LEAVES_NONE = _("Closing it leaves the lead without an appointment.")
LEAVES_TWO = _("Closing it leaves both appointments in RocketLead.")
LEAVES_OLD = _("Closing it leaves the old appointment as it is.")

BOOK = Ways(
    _("Is the appointment there in RocketLead?"),
    id_label=BOOKING_ID,
    after_closing=_("Closing it sends nothing more."),
)
NEW_TIME = Ways(
    _("Is the new appointment there in RocketLead?"),
    id_label=BOOKING_ID,
)
OLD_TIME = Ways(
    _("Is the old appointment there again in RocketLead?"),
    id_label=BOOKING_ID,
)
OLD_GONE = Ways(
    _("Is the old appointment gone in RocketLead?"),
    present=DELETED,
    absent=DELETE_AGAIN,
)
LEAD_STATE = Ways(
    _("Does the lead have the state “{state}” in RocketLead?"),
    present=STATE_SET,
    absent=SET_AGAIN,
    after_closing=STANDS,
)
NO_STEP = Ways(_("Look in RocketLead: did this happen?"))

WAYS: dict[tuple[str, str], Ways] = {
    (Kind.BOOK, ""): BOOK,
    (Kind.CREATE_LEAD, ""): Ways(
        _("Is the lead there in RocketLead?"),
        id_label=LEAD_ID,
        id_needed=True,
        after_closing=_("Closing it refuses the booking that waits for this lead, too."),
    ),
    (Kind.RESCHEDULE, "mark"): LEAD_STATE,
    (Kind.RESCHEDULE, "book"): NEW_TIME,
    (Kind.RESCHEDULE, "delete"): OLD_GONE,
    (Kind.RESCHEDULE, "put_back"): OLD_TIME,
    (Kind.RESCHEDULE, "restore"): LEAD_STATE,
    (Kind.CANCEL, "lead_state"): LEAD_STATE,
    (Kind.CANCEL, "delete"): Ways(
        _("Is the appointment gone in RocketLead?"),
        present=_("The booking is gone"),
        absent=DELETE_AGAIN,
        after_closing=STANDS,
    ),
    (Kind.MOVE_LEAD, ""): Ways(
        _("Does the lead have the state “{state}” in RocketLead?"),
        present=STATE_SET,
        absent=SET_AGAIN,
        after_closing=_("Closing it leaves the lead in the state it has."),
    ),
    (Kind.EDIT_LEAD, ""): Ways(
        _("Does the lead in RocketLead show this change?"),
        present=_("It shows it"),
        absent=_("It does not: send it again"),
        after_closing=_("Closing it leaves the lead as it is in RocketLead."),
    ),
}

# Here the reason says more than the step.
NONE_STANDS: dict[str, Ways] = {
    "book": Ways(
        _("Or is the new appointment there in RocketLead after all?"),
        absent=_("Try the new time again"),
        close=_("Close it: no appointment is wanted"),
        id_label=BOOKING_ID,
    ),
    "put_back": Ways(
        _("Or is the old appointment there in RocketLead after all?"),
        absent=_("Try to put the old one back"),
        close=_("Close it: no appointment is wanted"),
        id_label=BOOKING_ID,
    ),
}
BOTH_STAND = Ways(
    _("Is the old appointment gone in RocketLead by now?"),
    present=DELETED,
    absent=DELETE_AGAIN,
    close=_("Close it: both may stay"),
)

# Connect confirmed one thing twice: sending again would make it three.
ONE_LEFT = _("One is left now")
TWICE = Ways(
    _("Is there only one left in RocketLead?"),
    present=ONE_LEFT,
    absent="",
    id_label=BOOKING_ID,
)
TWICE_MOVED = Ways(
    _("Is there only one left in RocketLead?"), present="", absent="", close=ONE_LEFT
)

NONE_NOW = _("{who} has NO appointment now")
NONE_PERHAPS = _("{who} may have NO appointment now")
TWO_NOW = _("{who} has two appointments now")

KINDS: dict[str, Text] = {
    Kind.CREATE_LEAD: _("New lead"),
    Kind.BOOK: _("Booking"),
    Kind.RESCHEDULE: _("Move to another time"),
    Kind.CANCEL: _("Cancellation"),
    Kind.MOVE_LEAD: _("Lead state"),
    Kind.EDIT_LEAD: _("Change of a lead"),
}


def ways(kind: str, step: str, reason: str) -> Ways:
    """What to ask about a stuck write. A step nobody wrote words for still gets its buttons."""
    if reason == Reason.SECOND_ANSWER:
        return TWICE_MOVED if kind == Kind.RESCHEDULE else TWICE
    if reason == Reason.NO_APPOINTMENT:
        return NONE_STANDS.get(step, NONE_STANDS["put_back"])
    if reason == Reason.TWO_BOOKINGS and step == "delete":
        return BOTH_STAND
    return WAYS.get((kind, step)) or WAYS.get((kind, ""), NO_STEP)


def headline(write: Write, who: str) -> str:
    """What the lead of a reschedule has now, where that is the news; "" otherwise."""
    if write.state in TERMINAL or write.kind != Kind.RESCHEDULE:
        return ""
    if needs_you.leaves_without(write):
        doubt = write.state == State.STUCK and write.reason != Reason.NO_APPOINTMENT
        return str(NONE_PERHAPS if doubt else NONE_NOW).format(who=who)
    return str(TWO_NOW).format(who=who) if plan.has_two(ended_of(write)) else ""


def after_closing(write: Write) -> Text:
    """What stays at Connect when a write that waits is closed; "" where its question says it."""
    if write.kind != Kind.RESCHEDULE or write.state in TERMINAL:
        return ""
    if needs_you.leaves_without(write):
        return LEAVES_NONE
    return LEAVES_TWO if plan.has_two(ended_of(write)) else LEAVES_OLD
