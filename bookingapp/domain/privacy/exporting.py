"""Everything held about a person, as one document to hand out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookingapp.domain import audit
from bookingapp.domain.privacy.holdings import HOLDINGS, Holding, held
from bookingapp.domain.privacy.subjects import Subject


def counts(subject: Subject) -> dict[str, int]:
    """How many rows of each holding are about the person; those with none are left out."""
    found = {holding.name: sum(1 for _ in held(holding, subject)) for holding in HOLDINGS}
    return {name: count for name, count in found.items() if count}


def document(subject: Subject, *, person: Any, now: datetime) -> dict[str, Any]:
    """All of it, by holding; that it was handed out is audited."""
    content = {holding.name: _rows(holding, subject) for holding in HOLDINGS}
    found = {name: rows for name, rows in content.items() if rows}
    audit.record(
        "privacy.exported",
        organisation=subject.organisation,
        person=person,
        at=now,
        details={
            "leads": [str(pk) for pk in subject.lead_ids],
            "counts": {name: len(rows) for name, rows in found.items()},
        },
    )
    return {"organisation": subject.organisation.name, "made_at": now.isoformat(), **found}


def _rows(holding: Holding, subject: Subject) -> list[dict[str, Any]]:
    names = (*holding.facts, *holding.words)
    return [{name: getattr(row, name) for name in names} for row in held(holding, subject)]
