"""How the rows of a rescue stand, and what its forms refuse, as words."""

from __future__ import annotations

from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.models import RescueRow
from bookingapp.domain.rescue.progress import Progress
from bookingapp.domain.rescue.standing import Standing
from bookingapp.web.presenters.reasons import Text

# The key that gives an answer while a row has the focus, and what it means.
ANSWERS: dict[str, tuple[str, Text]] = {
    RescueRow.Answer.AGREED: ("1", _("Agreed")),
    RescueRow.Answer.NOT_REACHED: ("2", _("Not reached")),
    RescueRow.Answer.DECLINED: ("3", _("Declined")),
}

OPEN: dict[str, tuple[Text, str, str]] = {
    "": (_("Not called yet"), "quiet", "phone"),
    RescueRow.Answer.AGREED: (_("Agreed, ready to move"), "info", "check"),
    RescueRow.Answer.NOT_REACHED: (_("Not reached"), "warning", "phone"),
    RescueRow.Answer.DECLINED: (_("Declined"), "warning", "cross"),
}
# Those whose words do not come from their write.
STANDINGS: dict[Standing, tuple[Text, str, str]] = {
    Standing.MOVED: (_("Moved"), "good", "check"),
    Standing.CANCELLED: (_("Cancelled"), "quiet", "cross"),
    Standing.PASSED: (_("Its time has passed"), "quiet", "clock"),
    Standing.ELSEWHERE: (_("Being changed elsewhere"), "busy", "info"),
    Standing.STOPPED: (_("Stopped, nothing was sent"), "warning", "undo"),
}

FIELDS: dict[str, Text] = {
    "nothing_booked": _(
        "We know of no appointment to come with this resource on these days. Appointments made in "
        "RocketLead itself are not known here."
    ),
    "before_start": _("This is before the first day."),
    "too_long": _("A rescue covers 31 days at most; make several."),
    "too_many": _("These are more than 300 appointments: choose fewer days."),
    "number": _("Type the number of appointments, so that nothing is cancelled by a slip."),
}
NO_ZONE = _("This calendar names no time zone that we know, so its days cannot be told.")

NOTES: dict[str, Text] = {
    "saved": _("Saved"),
    "no_proposal": _("Choose a time first, then note that the lead agreed to it."),
    "not_now": _("This row has moved on meanwhile. Here is how it stands."),
    "slot_gone": _("This time is no longer free. Here are the nearest ones."),
    "nothing_free": _("Nothing free could be found for it in this week and the next."),
    "unread": _(
        "Availability could not be read for every row just now. Propose again in a moment."
    ),
    "too_many": _("Only managers cancel more than 5 appointments at once. Ask one of them."),
    "not_yours": _("Whoever asked for this move decides, or a manager."),
    "stopped": _("Stopped. What was on its way finishes; nothing else is sent."),
    "nothing_to_run": _("No row is agreed and waiting."),
    "nothing_chosen": _("Choose at least one row that still stands."),
}


def ran(opened: int, ask_again: int, failed: int) -> str:
    """What running it did, for the note on top."""
    parts = []
    if opened:
        parts.append(ngettext("{n} move asked for.", "{n} moves asked for.", opened))
    if ask_again:
        parts.append(
            ngettext(
                "{again} agreed time is gone: ask the lead about the new proposal.",
                "{again} agreed times are gone: ask the leads about the new proposals.",
                ask_again,
            )
        )
    if failed:
        parts.append(
            ngettext(
                "{failed} row could not be asked for.",
                "{failed} rows could not be asked for.",
                failed,
            )
        )
    told = " ".join(parts) or str(NOTES["nothing_to_run"])
    return told.format(n=opened, again=ask_again, failed=failed)


def progress(one: Progress) -> str:
    """ "12 of 40 moved, 3 on their way, 1 needs you"."""
    moved = gettext("{moved} of {total} moved").format(moved=one.moved, total=one.total)
    more = [
        (one.on_the_way, ngettext("{n} on its way", "{n} on their way", one.on_the_way)),
        (one.needs_you, ngettext("{n} needs you", "{n} need you", one.needs_you)),
        (one.stopped, ngettext("{n} stopped", "{n} stopped", one.stopped)),
        (one.cancelled, ngettext("{n} cancelled", "{n} cancelled", one.cancelled)),
        (one.elsewhere, ngettext("{n} changed elsewhere", "{n} changed elsewhere", one.elsewhere)),
        (one.passed, ngettext("{n} passed", "{n} passed", one.passed)),
    ]
    return ", ".join([moved, *(text.format(n=number) for number, text in more if number)])


def cancelled(opened: int, failed: int) -> str:
    """After cancels were asked for; they are sent once the undo window is over."""
    told = ngettext(
        "{n} appointment is about to be cancelled. It can still be undone.",
        "{n} appointments are about to be cancelled. They can still be undone.",
        opened,
    ).format(n=opened)
    if not failed:
        return told
    more = ngettext("{n} could not be asked for.", "{n} could not be asked for.", failed)
    return f"{told} {more.format(n=failed)}"


def days(first: date, last: date) -> str:
    """ "Tue 24 November" or "Tue 24 November – Fri 27 November"."""
    shape = pgettext("day of a rescue (Django date letters)", "D j F")
    told = dateformat.format(first, shape)
    return told if first == last else f"{told} – {dateformat.format(last, shape)}"
