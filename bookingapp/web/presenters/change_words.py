"""What is said when a booking is changed: why not, too late, and what can be done instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bookingapp.web.presenters.reasons import Text, Told

UNDONE = Told(_("Undone. Nothing was sent."))
TOO_LATE = Told(
    _("Too late to undo: it is on its way to Connect or has ended."),
    can=_("Its page shows how it stands."),
)
TOO_LATE_CANCEL = Told(
    _("Too late to undo: Connect has been asked to delete it."),
    can=_("Once it is gone, its page offers to book it again."),
)

# Why a booking cannot be changed now.
REFUSALS: dict[str, Told] = {
    "gone": Told(
        _("This appointment is not there any more."),
        can=_("Its page shows what became of it."),
    ),
    "being_changed": Told(
        _("Another change of this appointment is on its way or waits for a person."),
        can=_("Wait for it, or undo it while that is possible."),
    ),
    "intent_reused": Told(
        _("This form was already used for something else."),
        _("Nothing was sent again."),
    ),
    "same_time": Told(
        _("The lead has another appointment at this time already."),
        _("Nothing was sent."),
    ),
    "not_free": Told(
        _("The old time is not free any more."),
        _("Nothing was sent."),
        _("Choose one of the nearest free times, or another one on the grid."),
    ),
    "unreadable": Told(
        _("Availability cannot be read right now, so nothing was asked for."),
        can=_("Try again in a moment."),
    ),
    "stands": Told(
        _("This appointment still stands."), can=_("Move it, or make another one on the grid.")
    ),
    "no_lead": Told(
        _("It is not known which lead this appointment was for."),
        can=_("Choose the time on the grid and then the lead."),
    ),
}

FIELDS: dict[str, Text] = {
    "unknown": _("This state is not offered any more. Choose another one."),
    "not_created": _("Connect does not have this lead yet, so its state cannot be changed."),
    "just_sent": _("The change before was sent at this moment. Look again, then choose."),
    "protected": _("Only managers move leads into and out of this state."),
    "connect_id": _("Its id at Connect is not known here. Copy it from RocketLead."),
}
