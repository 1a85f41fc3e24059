"""What the follow-up queue says: outcomes, dates to call again, and what is wrong with a form."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.models import LeadEvent
from bookingapp.web.presenters import change_words, moments
from bookingapp.web.presenters.reasons import Text, Told

OUTCOMES: dict[str, Text] = {
    "reached": _("Reached"),
    "not_reached": _("Not reached"),
    "booked": _("An appointment was asked for"),
    "moved": _("Moved to another lead state"),
}
CHOICES: dict[str, Text] = {
    "hour": _("In 1 hour"),
    "afternoon": _("This afternoon"),
    "tomorrow": _("Tomorrow morning"),
    "three_days": _("In 3 days"),
    "next_week": _("Next week"),
}
FIELDS: dict[str, Text] = {
    "required": _("Choose when to call again."),
    "unreadable": _("This is not a date and time."),
    "past": _("This time has passed. Choose another one."),
    "too_far": _("This is more than three years away."),
    "skipped": _("The clocks jump over this time that day. Choose another one."),
    "twice": _("The clocks are set back, so this time comes twice that day. Which one?"),
    "not_created": _("Connect does not have this lead yet, so nothing can be noted."),
    "outcome": _("Choose what became of the call."),
    "choose": _("Choose a lead state."),
    "same": _("The lead is in this state already. Choose another one."),
    "protected": _("Only managers move leads into or out of this state."),
}
HANDLED = Told(
    _("{who} has handled this lead while you had it open: {what}."),
    _("Nothing of yours was noted or sent, and what you typed is kept."),
    _("Go on to the next one, or note your outcome as well."),
)
DATED = Told(
    _("Somebody set another follow-up date meanwhile: {what}."),
    _("Nothing of yours was noted or sent, and what you typed is kept."),
    _("Go on to the next one, or note your outcome as well."),
)
NO_DATE = _("none any more")
REUSED = Told(_("This form was already used."), _("That outcome stands; nothing was sent again."))
TOO_LATE = Told(
    _("Too late to undo: it is on its way to Connect or has ended."),
    can=_("Open the lead to set another date."),
)
TAKEN_BACK = _("Taken back: {who} is in the queue again.")


def field(code: str) -> str:
    return str(FIELDS.get(code) or change_words.FIELDS.get(code) or FIELDS["unreadable"])


def outcome(event: LeadEvent, zone: ZoneInfo, now: datetime) -> str:
    """ "Not reached, again tomorrow, 09:00"."""
    said = str(OUTCOMES.get(str(event.details.get("outcome")), OUTCOMES["reached"]))
    until = moments.instant(event.details.get("until"))
    if until is None:
        return said
    return gettext("{outcome}, again {when}").format(outcome=said, when=near(until, zone, now))


def near(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today, 14:30", "tomorrow, 09:00" or "Tue 24 Nov, 09:00"; the year where it is another."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    named = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    if there.year == here.year:
        shape = pgettext("day of this year (Django date letters)", "D j M")
    else:
        shape = pgettext("day in a list (Django date letters)", "D j M Y")
    day = named.get(days) or dateformat.format(there, shape)
    return gettext("{day}, {time}").format(day=day, time=moments.hour(at, zone))


def overdue(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """How long a date has passed: by days, within a day by hours or minutes."""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    if days > 0:
        return ngettext("{n} day overdue", "{n} days overdue", days).format(n=days)
    minutes = max(int((now - at).total_seconds() // 60), 0)
    if minutes < 1:
        return gettext("due now")
    if minutes < 60:
        return ngettext("due for {n} min", "due for {n} min", minutes).format(n=minutes)
    hours = minutes // 60
    return ngettext("due for {n} h", "due for {n} h", hours).format(n=hours)


def left(due: int, first: int) -> str:
    """What is read out with the next lead."""
    waiting = due + first
    return ngettext("{n} is waiting", "{n} are waiting", waiting).format(n=waiting)
