"""Reasons for a cancel: the desk's own in every language, an organisation's as it wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookingapp.web.presenters.reasons import Text

# The defaults of the policy ``cancel_reasons``.
REASONS: dict[str, Text] = {
    "lead_asked": _("The lead asked for it"),
    "lead_ill": _("The lead is ill"),
    "no_show": _("The lead did not come"),
    "we_cannot": _("We cannot make it"),
    "mistake": _("Entered by mistake"),
}


def label(code: str) -> str:
    return str(REASONS.get(code, code))


def spoken(payload: Mapping[str, Any]) -> str:
    """The reason of a cancel with what was written beside it."""
    parts = (label(str(payload.get("reason", ""))), str(payload.get("note", "")))
    return " – ".join(part for part in parts if part)
