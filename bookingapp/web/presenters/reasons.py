"""Every reason of the journal as sentences: what happened, what comes next, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.states import Kind, Reason

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
        _("The move itself has ended, but the lead could not be set back to its own state."),
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
    Reason.SETTLED_BY_EVENT: Told(_("RocketLead told us that it is there.")),
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
    Reason.MAKING_WAY: Told(
        _("The old appointment stands in the way of the new time, so it is deleted first.")
    ),
    Reason.PUTTING_BACK: Told(
        _("The new time could not be taken, so the old appointment is put back.")
    ),
}

# Where nothing is booked, no grid and no counts have a part in it.
LOOK = _("Look in RocketLead and say what is true.")
OF_A_LEAD: dict[Reason, Told] = {
    Reason.CONNECT_FAILED: Told(_("Connect answered that it failed."), BY_ITSELF),
    Reason.CANNOT_TELL: Told(
        _("It may or may not have worked, and nothing at Connect says which."), NOTHING_TWICE, LOOK
    ),
    Reason.CONFLICT: Told(
        _("Connect speaks of a conflict."), _("Nothing more is sent by itself."), LOOK
    ),
    Reason.SLOT_TAKEN: Told(
        _("Connect speaks of a conflict."), _("Nothing more is sent by itself."), LOOK
    ),
    Reason.INVALID: Told(
        _("Connect did not accept it."),
        _("Nothing was changed."),
        _("Mend what Connect names and ask again."),
    ),
    Reason.VANISHED: Told(
        _("Connect no longer knows this lead, or something that the change names."),
        _("Nothing was changed."),
        _("Look in RocketLead whether the lead is still there."),
    ),
}
OF_LEADS = frozenset({Kind.MOVE_LEAD, Kind.EDIT_LEAD})
