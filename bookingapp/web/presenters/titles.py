"""The headline of a write by kind and state, and its steps. Only what Connect confirmed is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bookingapp.domain.states import Kind, Reason, State
from bookingapp.web.presenters.reasons import Text

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
    State.REFUSED: _("Lead not accepted"),
}
MOVE: dict[State, Text] = {
    **BOOKING,
    State.HELD: _("About to be moved"),
    State.DUE: _("Move asked for"),
    State.SENDING: _("Moving…"),
    State.REFUSED: _("Not moved"),
}
CANCEL: dict[State, Text] = {
    **BOOKING,
    State.HELD: _("About to be cancelled"),
    State.DUE: _("Cancellation asked for"),
    State.SENDING: _("Cancelling…"),
    State.REFUSED: _("Not cancelled"),
}
LEAD_MOVE: dict[State, Text] = {
    **BOOKING,
    State.HELD: _("Lead state about to change"),
    State.DUE: _("New lead state asked for"),
    State.SENDING: _("Setting the lead state…"),
    State.REFUSED: _("Lead state not accepted"),
}
LEAD_EDIT: dict[State, Text] = {
    **BOOKING,
    State.HELD: _("Lead about to be changed"),
    State.DUE: _("Change of the lead asked for"),
    State.SENDING: _("Changing the lead…"),
    State.REFUSED: _("Change of the lead not accepted"),
}
BY_KIND: dict[Kind, dict[State, Text]] = {
    Kind.BOOK: BOOKING,
    Kind.CREATE_LEAD: LEAD,
    Kind.RESCHEDULE: MOVE,
    Kind.CANCEL: CANCEL,
    Kind.MOVE_LEAD: LEAD_MOVE,
    Kind.EDIT_LEAD: LEAD_EDIT,
}
# Why a person must look matters more than that they must.
BY_REASON: dict[str, Text] = {
    Reason.DECLINED: _("Closed"),
    Reason.NO_APPOINTMENT: _("No appointment any more: act now"),
    Reason.TWO_BOOKINGS: _("Both times stand: a person must look"),
    Reason.NOT_RESTORED: _("The lead state is not set back"),
    Reason.PUT_BACK: _("Not moved: the old time stands again"),
}
CLOSED = BY_REASON[Reason.DECLINED]

DONE_TITLES: dict[Kind, str] = {
    Kind.BOOK: "title",
    Kind.CREATE_LEAD: "lead",
    Kind.RESCHEDULE: "moved",
    Kind.CANCEL: "cancelled",
    Kind.MOVE_LEAD: "state_set",
    Kind.EDIT_LEAD: "edited",
}
DONE_WORDS: dict[str, Text] = {
    "title": _("Booked"),
    "lead": _("Lead created"),
    "moved": _("Moved"),
    "cancelled": _("Cancelled"),
    "elsewhere": _("Deleted in RocketLead"),
    "told": _("Booked in RocketLead"),
    "state_set": _("Lead state set"),
    "edited": _("Lead changed"),
    "step": _("Booked: Connect has confirmed it"),
    "step_moved": _("Moved: Connect has confirmed the new time and deleted the old one"),
    "step_cancelled": _("Cancelled: Connect has deleted the appointment"),
    "say": _("{name} is booked for {when}."),
    "say_nameless": _("Booked for {when}."),
    "say_moved": _("{name} is moved to {when}."),
}

# Said when a change was written down, before anything was sent.
ASKED: dict[Kind, Text] = {
    Kind.BOOK: _("Asked for"),
    Kind.CREATE_LEAD: LEAD[State.DUE],
    Kind.RESCHEDULE: MOVE[State.DUE],
    Kind.CANCEL: CANCEL[State.DUE],
    Kind.MOVE_LEAD: LEAD_MOVE[State.DUE],
    Kind.EDIT_LEAD: LEAD_EDIT[State.DUE],
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of a change: while it is to come, on its way, done, and when it failed."""

    ahead: Text
    now: Text
    done: Text
    failed: Text


# By the codes of the domain's plan; "delete" of a cancel is the whole appointment.
STEPS: dict[str, StepWords] = {
    "mark": StepWords(
        _("Set the lead state for the move"),
        _("Setting the lead state for the move…"),
        _("Lead state set for the move"),
        _("Lead state not set"),
    ),
    "book": StepWords(
        _("Take the new time"),
        _("Taking the new time…"),
        _("New time confirmed by Connect"),
        _("New time not accepted"),
    ),
    "delete": StepWords(
        _("Delete the old appointment"),
        _("Deleting the old appointment…"),
        _("Old appointment deleted at Connect"),
        _("Old appointment not deleted"),
    ),
    "put_back": StepWords(
        _("Take the old time again"),
        _("Taking the old time again…"),
        _("Old time confirmed again by Connect"),
        _("Old time could not be taken again"),
    ),
    "restore": StepWords(
        _("Set the lead's own state again"),
        _("Setting the lead's own state again…"),
        _("The lead has its own state again"),
        _("The lead's own state could not be set again"),
    ),
    "lead_state": StepWords(
        _("Set the lead state"),
        _("Setting the lead state…"),
        _("Lead state set"),
        _("Lead state not set"),
    ),
}
CANCEL_DELETE = StepWords(
    _("Delete the appointment"),
    _("Deleting the appointment…"),
    _("Appointment deleted at Connect"),
    _("Appointment not deleted"),
)


def title(kind: str, state: str, why: str = "") -> Text:
    """The headline of a write; "done" has its words from ``DONE_WORDS`` alone."""
    if state in {State.REFUSED, State.STUCK} and why in BY_REASON:
        return BY_REASON[why]
    if state == State.DONE:
        return DONE_WORDS[DONE_TITLES[Kind(kind)]]
    return BY_KIND[Kind(kind)][State(state)]


def step(kind: str, code: str) -> StepWords | None:
    """The words of a step; None for a code we have none for."""
    if kind == Kind.CANCEL and code == "delete":
        return CANCEL_DELETE
    return STEPS.get(code)
