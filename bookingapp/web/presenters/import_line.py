"""One row of an import as its page and its file show it. No query beyond what is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookingapp.domain.imports import progress, reading, targets
from bookingapp.domain.imports.progress import Standing
from bookingapp.domain.models import ImportRow, LeadImport
from bookingapp.domain.states import Reason
from bookingapp.web.presenters import import_words, sentences


@dataclass(frozen=True, slots=True)
class Line:
    """``lead_url`` leads to the lead it became or is the same as; "" when there is none."""

    number: int
    name: str
    phone: str
    email: str
    word: str
    tone: str
    icon: str
    standing: Standing
    why: tuple[str, ...] = ()
    lead: str = ""
    lead_url: str = ""


def lines(batch: LeadImport, rows: Iterable[ImportRow]) -> Iterator[Line]:
    """Of rows with their lead and write."""
    plan = targets.plan_of(batch.mapping)
    for row in rows:
        told = reading.values(row.cells, plan)
        contact = reading.contact_in(told)
        standing = _standing(row)
        word, tone, icon = import_words.STANDINGS[standing]
        if standing == Standing.AHEAD and batch.due_at is None:
            word, icon = import_words.WOULD[batch.how], "plus"
        yield Line(
            number=row.number,
            name=contact.name or told.get("connect_id", ""),
            phone=contact.phone,
            email=contact.email,
            word=str(word),
            tone=tone,
            icon=icon,
            standing=standing,
            why=tuple(_why(row, standing)),
            lead=str(row.lead) if row.lead else "",
            lead_url=_lead_url(batch, row),
        )


def _standing(row: ImportRow) -> Standing:
    write = row.write
    state, reason = (write.state, write.reason) if write else (None, None)
    return progress.standing_of(row.result, state, reason)


def _why(row: ImportRow, standing: Standing) -> list[str]:
    problem: dict[str, Any] = row.problem
    if standing == Standing.WRONG:
        return import_words.wrong(problem)
    if "same" in problem:
        return [_same(problem)]
    if row.write is None or standing in {Standing.CREATED, Standing.AHEAD}:
        return []
    told = sentences.REASONS[Reason(row.write.reason)]
    return [str(told.happened)] if told.happened else []


def _same(problem: dict[str, Any]) -> str:
    if problem["same"] == "twice":
        return _("The same as row {row} of this file.").format(row=problem.get("row", ""))
    return _("This lead is here already.")


def _lead_url(batch: LeadImport, row: ImportRow) -> str:
    if row.lead is None or row.lead.never_created:
        return ""
    slug = batch.organisation.slug
    return reverse("lead-detail", kwargs={"slug": slug, "pk": row.lead.pk})
