"""What is held about people, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookingapp.domain.policy import Policy

# Typed before anything is erased.
TYPED = _("erase")

HELD = {
    "leads": _("Leads: name, phone, email and all their fields"),
    "events": _("Notes, outcomes of calls and what was seen of their states"),
    "bookings": _("Appointments, standing and past"),
    "writes": _("What was sent to RocketLead, or meant to be"),
    "attempts": _("Calls made for it, with what was sent and answered"),
    "audit_values": _("Values before and after, beside the audit log"),
    "deliveries": _("What RocketLead told us through the hooks"),
    "imports": _("Names of imported files"),
    "import_rows": _("Rows of imported files"),
    "waiting_marks": _("Places on the waiting list"),
    "rescue_rows": _("Rows of rescued days, with what was noted"),
    "bulk_moves": _("Filters of bulk moves that name the person"),
    "pool_views": _("Filter"),
}

_FORGOTTEN = {
    "deliveries": _("Deliveries of the hooks, counted from the last time they came"),
    "imports": _("The cells of imported files, from the end of the import"),
    "writes": _("What ended changes said, from their end"),
    "leads": _("Leads nobody has heard of, with nothing under way and no appointment"),
    "audit_values": _("Values before and after, beside the audit log"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of thing, and a number or a time in words."""

    what: str
    number: str


def counts(found: dict[str, int]) -> list[Line]:
    return [Line(str(HELD[name]), str(count)) for name, count in found.items()]


def kept(policy: Policy) -> list[Line]:
    """What is forgotten by itself, and after how long."""
    return [
        Line(str(words), _days(getattr(policy, f"keep_{name}_days")))
        for name, words in _FORGOTTEN.items()
    ]


def _days(days: int) -> str:
    if not days:
        return str(_("kept for ever"))
    return ngettext("after %(count)s day", "after %(count)s days", days) % {"count": days}
