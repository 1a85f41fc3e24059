"""What is said of imports: why a file or a row cannot be used, how rows stand, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.imports.encoding import Unreadable
from bookingapp.domain.imports.progress import Progress, Standing
from bookingapp.web.presenters import sentences
from bookingapp.web.presenters.reasons import Text

# Why a whole file cannot be used.
FILES: dict[str, Text] = {
    "empty": _("This file is empty."),
    "workbook": _("This is an Excel workbook. Save it as CSV (UTF-8) and choose that file."),
    "not_text": _("This is not a text file. Save the table as CSV and choose that file."),
    "too_large": _("This file is too large: at most {most} MB can be imported at once."),
    "quote": _("A quotation mark opened in line {line} is not closed. Mend it and try again."),
    "no_rows": _("There are only headers in this file, no rows below them."),
    "too_many_rows": _("This file has too many rows: at most {most} at once. Split it."),
    "too_many_columns": _("This file has too many columns: at most {most}."),
}
# What a column can become.
TARGETS: dict[str, Text] = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "phone": _("Phone"),
    "email": _("Email"),
    "interest": _("Interested in (appointment type)"),
    "connect_id": _("Id at Connect"),
    "state": _("Lead state"),
    "follow_up": _("Follow-up on"),
    "created": _("Created at"),
}
# What is wrong at a field of a row, or at a column of the mapping.
CODES: dict[str, Text] = {
    "required": _("It is missing."),
    "phone_or_email": _("There is neither a phone number nor an email address."),
    "phone": _("This number is too short."),
    "email": _("This is not a complete email address."),
    "too_long": _("This is too long."),
    "unknown": _("RocketLead does not offer this."),
    "day": _("This is not a day. Write it as 2026-11-24 or 24.11.2026."),
    "date": _("This is not a day. Write it as 2026-11-24 or 24.11.2026."),
    "pattern": _("This does not look as the lead pool wants it."),
    "too_many_cells": _("This row has more cells than there are columns."),
    "broken": _("Something went wrong on our side. It has been logged."),
    "no_default_state": _("This lead pool has no default state; choose another one."),
}
COLUMNS: dict[str, Text] = {
    "unknown": _("A column cannot become this. Choose again."),
    "twice": _("Another column is this already. Choose one of them."),
    "only_adopted": _("Connect sets this itself when it creates a lead. Leave it out."),
}
WHOLE: dict[str, Text] = {
    "no_name": _("Say which column is the name."),
    "no_way": _("Say which column is the phone number or the email address."),
    "no_id": _("Say which column is the id at Connect."),
    "no_default_state": CODES["no_default_state"],
}
RUN: dict[str, Text] = {
    "none": _("There is nothing to do in this file."),
    "changed": _("The rows have changed since this page was shown. Look again."),
    "unchecked": _("Say first what the columns are."),
    "wrong": _("This is not the number of events."),
    "running": _("Stop it before you delete it."),
}
# Word, tone and drawing of how a row stands.
STANDINGS: dict[Standing, tuple[Text, str, str]] = {
    Standing.AHEAD: (_("Still ahead"), "quiet", "clock"),
    Standing.ON_ITS_WAY: (_("On its way"), "busy", "send"),
    Standing.NEEDS_PERSON: (_("Needs you"), "bad", "bell"),
    Standing.REFUSED: (_("Refused"), "bad", "cross"),
    Standing.WRONG: (_("Cannot be used"), "warning", "warning"),
    Standing.KNOWN: (_("Here already"), "quiet", "person"),
    Standing.CREATED: (sentences.DONE_WORDS["lead"], "good", "check"),
    Standing.ADOPTED: (_("Taken over"), "good", "check"),
}
WOULD: dict[str, Text] = {
    "create": _("Would be created"),
    "adopt": _("Would be taken over"),
}


def unreadable(error: Unreadable) -> str:
    """Why the file cannot be used, with its numbers."""
    return str(FILES[error.code]).format(**error.facts)


def target(code: str) -> str:
    """What a column is, for people."""
    kind, _colon, key = code.partition(":")
    return str(TARGETS.get(code) or key or kind)


def wrong(problem: Mapping[str, Any]) -> list[str]:
    """ "Phone: This number is too short.", one for each field."""
    told = []
    for field, code in problem.items():
        # What else there is are the lead pool's own rules.
        text = str(CODES.get(str(code), CODES["pattern"]))
        told.append(text if field in {"row", "pool", "lead"} else f"{target(field)}: {text}")
    return told


def progress(told: Progress) -> str:
    """How it went so far, in one line; nothing is said of what there is none of."""
    counts = told.counts
    parts = [
        (
            Standing.CREATED,
            ngettext("{n} lead created", "{n} leads created", counts[Standing.CREATED]),
        ),
        (Standing.ADOPTED, gettext("{n} taken over")),
        (Standing.ON_ITS_WAY, gettext("{n} on their way")),
        (Standing.AHEAD, gettext("{n} still ahead")),
        (
            Standing.NEEDS_PERSON,
            ngettext("{n} needs you", "{n} need you", counts[Standing.NEEDS_PERSON]),
        ),
        (Standing.REFUSED, gettext("{n} refused")),
        (Standing.KNOWN, gettext("{n} here already")),
        (Standing.WRONG, gettext("{n} cannot be used")),
    ]
    return ", ".join(text.format(n=counts[one]) for one, text in parts if counts[one]) or "–"
