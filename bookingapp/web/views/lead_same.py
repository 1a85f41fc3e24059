"""The duplicate stop: whoever has this phone or email is shown before a lead is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bookingapp.domain import leads
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.models import Lead, Organisation

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def stopping(
    organisation: Organisation, contact: Contact, data: Mapping[str, Any], *, intent: UUID | None
) -> list[Lead]:
    """Who must be looked at first; nobody once all of them were ``seen`` and ``anyway`` said."""
    found = leads.same_person(organisation, contact, intent=intent)
    if "anyway" not in data:
        return found
    seen = set(_UUID.findall(str(data.get("seen", ""))[:1_000]))
    return found if {str(lead.pk) for lead in found} - seen else []


def context(found: list[Lead], *, stopped: bool = False) -> dict[str, Any]:
    """For ``leads/same.html``: ``stopped`` when it was asked for already, and takes the focus."""
    return {"twins": found, "seen": ",".join(str(lead.pk) for lead in found), "stopped": stopped}
