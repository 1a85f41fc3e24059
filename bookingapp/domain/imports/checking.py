"""The dry run: what would become of each row. Nothing is created and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingapp.domain import audit, catalogue
from bookingapp.domain.contact_fields import exact_terms
from bookingapp.domain.errors import DomainError, Invalid
from bookingapp.domain.imports import reading, targets, understanding, uploading
from bookingapp.domain.imports.reading import Described
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.lead_index import code_of
from bookingapp.domain.models import ImportRow, Lead, LeadImport, LeadTerm
from bookingapp.domain.policy import policy_of

CHUNK = 500
Result = ImportRow.Result


class Begun(DomainError):
    """The import runs or has run: what its columns mean cannot be changed any more."""

    code = "begun"


def check(batch: LeadImport, plan: Plan, how: str, *, person: Any, now: datetime) -> None:
    """Keep the plan, and at each row what it would do: new, known (with the lead), wrong.

    Raises Invalid (see ``targets.check``; "pool" no_default_state) or Begun.
    """
    targets.check(plan, how, width=len(batch.headers))
    if how == LeadImport.How.CREATE:
        _check_pool(batch)
    judged = list(_Judge(batch, plan, how).all())
    _keep(batch, plan, how, judged)
    details = {"batch": str(batch.pk), "how": how, "rows": len(judged)}
    audit.record(
        "leadimport.checked",
        organisation=batch.organisation,
        at=now,
        person=person,
        details=details,
    )


def _check_pool(batch: LeadImport) -> None:
    pool = catalogue.snapshot(batch.organisation).pool(batch.pool_id or 0)
    if pool is None or pool.default_state is None:
        raise Invalid({"pool": "no_default_state"})


@transaction.atomic
def _keep(batch: LeadImport, plan: Plan, how: str, judged: list[ImportRow]) -> None:
    mine = LeadImport.objects.filter(pk=batch.pk, due_at=None, ended_at=None)
    if not mine.update(mapping=uploading.builtins(plan), how=how):
        raise Begun
    # An upsert: thousands of rows at once, each with its own values.
    ImportRow.objects.bulk_create(
        judged,
        batch_size=uploading.AT_ONCE,
        update_conflicts=True,
        unique_fields=["batch", "number"],
        update_fields=["result", "problem", "lead"],
    )
    batch.refresh_from_db()


class _Judge:
    """Looks at the rows in their order, a chunk at a time."""

    def __init__(self, batch: LeadImport, plan: Plan, how: str) -> None:
        self.batch, self.plan, self.how = batch, plan, how
        self.known = understanding.known_of(batch.organisation, batch.pool)
        self.country = policy_of(batch.organisation.settings).country
        # By what a lead is known again, to the row that had it first.
        self.seen: dict[str, int] = {}

    def all(self) -> Iterator[ImportRow]:
        rows = iter(self.batch.rows.order_by("number").values_list("number", "cells"))
        while chunk := list(islice(rows, CHUNK)):
            yield from self._chunk(chunk)

    def _chunk(self, chunk: Sequence[tuple[int, list[str]]]) -> Iterator[ImportRow]:
        described = [(number, self._described(cells)) for number, cells in chunk]
        marks = {n: self._marks(one) for n, one in described if isinstance(one, Described)}
        here = self._here({mark for found in marks.values() for mark in found})
        for number, one in described:
            if isinstance(one, Described):
                yield self._judged(number, marks[number], here)
            else:
                yield self._row(number, Result.WRONG, one)

    def _described(self, cells: list[str]) -> Described | dict[str, str]:
        try:
            return reading.read(
                cells, self.plan, self.how, self.known, width=len(self.batch.headers)
            )
        except Invalid as error:
            return error.fields

    def _judged(self, number: int, marks: set[str], here: dict[str, UUID]) -> ImportRow:
        lead = next((here[mark] for mark in sorted(marks) if mark in here), None)
        first = min((self.seen[mark] for mark in marks if mark in self.seen), default=None)
        for mark in marks:
            self.seen.setdefault(mark, number)
        if lead is None and first is None:
            return self._row(number, Result.NEW, {})
        problem = {"same": "here"} if lead else {"same": "twice", "row": str(first)}
        all_the_same = self.plan.same == "create" and self.how == LeadImport.How.CREATE
        return self._row(number, Result.NEW if all_the_same else Result.KNOWN, problem, lead)

    def _row(
        self, number: int, result: str, problem: dict[str, str], lead: UUID | None = None
    ) -> ImportRow:
        return ImportRow(
            batch=self.batch, number=number, result=result, problem=problem, lead_id=lead
        )

    def _marks(self, one: Described) -> set[str]:
        if self.how == LeadImport.How.ADOPT:
            return {one.connect_id}
        return exact_terms(one.contact, self.country)

    def _here(self, marks: Iterable[str]) -> dict[str, UUID]:
        """Which of the marks a lead of ours has already."""
        organisation = self.batch.organisation
        if self.how == LeadImport.How.ADOPT:
            leads = Lead.objects.filter(organisation=organisation, connect_id__in=list(marks))
            return dict(leads.values_list("connect_id", "pk"))
        wanted = {code_of(organisation.pk, mark): mark for mark in marks}
        terms = LeadTerm.objects.filter(organisation=organisation, term__in=list(wanted))
        terms = terms.filter(lead__never_created=False).order_by("lead__created_at")
        return {wanted[bytes(term)]: pk for term, pk in terms.values_list("term", "lead_id")}
