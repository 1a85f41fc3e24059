"""Which appointment type a lead is to be booked for when nobody has chosen one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from bookingapp.domain import catalogue
from bookingapp.domain.catalogue import AppointmentType, Snapshot
from bookingapp.domain.models import Booking, Lead
from bookingapp.domain.policy import policy_of

# So many of the organisation's newest bookings say what is booked from a pool.
NEWEST = 500


class Why(StrEnum):
    """Where the type comes from."""

    CHOSEN = "chosen"
    INTERESTED = "interested"
    USUAL = "usual"
    OFTEN = "often"
    ONLY = "only"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """``kind`` None: nothing says what it could be, so a person has to."""

    kind: AppointmentType | None
    why: Why


def of(lead: Lead, *, chosen: int | None = None) -> Interest:
    """The type with our key ``chosen``, else what the lead is interested in, else what is usual for
    its pool (policy ``usual_types``), else what is booked from it most often.
    """
    known = catalogue.snapshot(lead.organisation)
    if chosen is not None and (kind := known.type(chosen)):
        return Interest(kind, Why.CHOSEN)
    if kind := known.type_by_connect_id(lead.interested_in_connect_id):
        return Interest(kind, Why.INTERESTED)
    if kind := known.type_by_connect_id(_usual(lead)):
        return Interest(kind, Why.USUAL)
    if kind := _often(lead, known):
        return Interest(kind, Why.OFTEN)
    if len(known.types) == 1:
        return Interest(known.types[0], Why.ONLY)
    return Interest(None, Why.NONE)


def _usual(lead: Lead) -> str:
    usual = policy_of(lead.organisation.settings).usual_types
    return usual.get(lead.pool.connect_id, "") if lead.pool else ""


def _often(lead: Lead, known: Snapshot) -> AppointmentType | None:
    """Of the newest bookings only: the whole history is long, and tells of other times."""
    if lead.pool_id is None:
        return None
    newest = Booking.objects.filter(organisation=lead.organisation_id).order_by("-starts_at")
    told = newest.values_list("lead__pool", "appointment_type")[:NEWEST]
    counted = Counter(kind for pool, kind in told if pool == lead.pool_id)
    found = (known.type(pk) for pk, _ in counted.most_common())
    return next((kind for kind in found if kind), None)
