"""Erasing a person: what is left are rows without a word of them, and the fact in the audit log.

The rows stay, empty, because others point at them: a booking still takes its seat in the story of
its resource. At Connect the lead goes on living: its API deletes none (contract section 4), so the
id stays here, and what RocketLead tells of it later is not kept.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from bookingapp.domain import audit, pool_columns
from bookingapp.domain.errors import DomainError
from bookingapp.domain.models import Lead, LeadTerm
from bookingapp.domain.privacy.holdings import (
    HOLDINGS,
    Holding,
    blank,
    held,
    unfinished,
    writes_of,
)
from bookingapp.domain.privacy.subjects import Subject


class StillOpen(DomainError):
    """Something of this person is on its way or waits for somebody: that must end first."""

    code = "still_open"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} writes are not ended")
        self.count = count


@transaction.atomic
def erase(subject: Subject, *, person: Any, now: datetime) -> dict[str, int]:
    """Returns how many rows of each holding were erased. Raises StillOpen."""
    # Whoever tells something of these leads meanwhile waits, and then finds them erased.
    list(Lead.objects.select_for_update().filter(pk__in=subject.lead_ids).values_list("pk"))
    if count := unfinished(subject):
        raise StillOpen(count)
    erased = Counter[str]()
    # The leads last: by them all else is found.
    for holding in reversed(HOLDINGS):
        for row in list(held(holding, subject)):
            forget(holding, row)
            erased[holding.name] += 1
    _hide(subject, now)
    # Nobody needs to look at what has no words any more.
    writes_of(subject).filter(seen_at=None).update(seen_at=now)
    writes_of(subject).update(forgotten_at=now)
    details = {"leads": [str(pk) for pk in subject.lead_ids], "counts": dict(erased)}
    audit.record(
        "privacy.erased", organisation=subject.organisation, person=person, at=now, details=details
    )
    return dict(erased)


@transaction.atomic
def erase_late(lead: Lead, *, now: datetime) -> None:
    """What was asked for ``lead`` at the very moment in which it was erased, and has ended."""
    nothing = frozenset[str]()
    subject = Subject(lead.organisation, (lead,), nothing, nothing, nothing, nothing)
    for holding in reversed(HOLDINGS):
        for row in list(holding.tied(subject)):
            forget(holding, row)
    writes_of(subject).filter(seen_at=None).update(seen_at=now)
    writes_of(subject).update(forgotten_at=now)


def forget(holding: Holding, row: Any) -> None:
    """Take the words out of one row, or the row away."""
    if holding.goes:
        row.delete()
        return
    for name in holding.words:
        setattr(row, name, blank(row, name))
    row.save(update_fields=list(holding.words))


def _hide(subject: Subject, now: datetime) -> None:
    LeadTerm.objects.filter(lead__in=subject.lead_ids).delete()
    for lead in subject.leads:
        pool_columns.count_anew(lead.pool_id)
    Lead.objects.filter(pk__in=subject.lead_ids).update(
        erased_at=now,
        archived=True,
        pool=None,
        board_state="",
        sort_name=b"",
        interested_in_connect_id="",
        follow_up_at=None,
    )
