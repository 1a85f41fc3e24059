"""Codes of the domain as words for people. One place, so that a code is never shown raw."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {"staff": _("Staff"), "manager": _("Manager"), "admin": _("Administrator")}

# The states of a write (design 4.1).
STATES = {
    "held": _("Can be undone"),
    "due": _("Asked for"),
    "sending": _("Sending"),
    "waiting": _("Next try soon"),
    "checking": _("Checking"),
    "asking": _("Needs a choice"),
    "stuck": _("Needs you"),
    "done": _("Done"),
    "refused": _("Refused"),
    "undone": _("Undone"),
}

# Which look a state gets: it comes with an icon and a word, never alone.
TONES = {
    "held": "quiet",
    "due": "busy",
    "sending": "busy",
    "waiting": "busy",
    "checking": "warning",
    "asking": "warning",
    "stuck": "bad",
    "done": "good",
    "refused": "bad",
    "undone": "quiet",
}

STATE_ICONS = {
    "held": "undo",
    "due": "clock",
    "sending": "send",
    "waiting": "hourglass",
    "checking": "search",
    "asking": "question",
    "stuck": "bell",
    "done": "check",
    "refused": "cross",
    "undone": "undo",
}
