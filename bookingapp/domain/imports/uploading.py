"""A file becomes an import: its rows are kept, nothing else has happened yet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from bookingapp.domain import audit, codes
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import guessing, sheet, targets
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.models import ImportRow, LeadImport, LeadPool, Organisation
from bookingapp.domain.policy import policy_of
from bookingapp.domain.search_key import search_key

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Upload:
    intent: uuid.UUID
    pool_pk: int
    file_name: str
    content: bytes


def begin(
    organisation: Organisation, person: Any, upload: Upload, *, now: datetime
) -> tuple[LeadImport, bool]:
    """The import of this intent, and whether it is new.

    Raises Invalid ("pool" required) or Unreadable (see ``sheet.read``).
    """
    known = LeadImport.objects.filter(organisation=organisation, intent=upload.intent)
    if batch := known.first():
        return batch, False
    pool = _pool(organisation, upload.pool_pk)
    read = sheet.read(upload.content)
    batch = LeadImport(
        organisation=organisation,
        person=person,
        intent=upload.intent,
        asked_at=now,
        pool=pool,
        file_name=_name(upload.file_name),
        headers=read.headers,
        header_digest=codes.digest(search_key(), guessing.digest_of(read.headers)),
    )
    try:
        _keep(batch, read)
    except IntegrityError:
        return known.get(), False
    return batch, True


@transaction.atomic
def _keep(batch: LeadImport, read: sheet.Sheet) -> None:
    batch.save(force_insert=True)
    rows = [ImportRow(batch=batch, number=row.number, cells=row.cells) for row in read.rows]
    ImportRow.objects.bulk_create(rows, batch_size=AT_ONCE)
    details = {"batch": str(batch.pk), "rows": len(rows), "columns": len(read.headers)}
    audit.record(
        "leadimport.uploaded",
        organisation=batch.organisation,
        at=batch.asked_at,
        person=batch.person,
        details=details,
    )


def suggested(batch: LeadImport) -> tuple[Plan, str]:
    """What the columns probably are, and how it is probably meant: as the newest import with the
    same headers had it, else guessed.
    """
    if batch.mapping:
        return targets.plan_of(batch.mapping), batch.how
    alike = LeadImport.objects.filter(
        organisation=batch.organisation, header_digest=batch.header_digest
    )
    if last := alike.exclude(mapping={}).order_by("-asked_at", "-pk").first():
        return targets.plan_of(last.mapping), last.how
    policy = policy_of(batch.organisation.settings).of_pool(batch.pool)
    columns = guessing.guess(batch.headers, policy, batch.pool.schema if batch.pool else {})
    if "connect_id" in columns.values():
        return Plan(columns), LeadImport.How.ADOPT
    kept = {at: one for at, one in columns.items() if one not in targets.ONLY_ADOPTED}
    return Plan(kept), LeadImport.How.CREATE


def builtins(plan: Plan) -> dict[str, Any]:
    """As the row keeps it."""
    kept: dict[str, Any] = msgspec.to_builtins(plan)
    return kept


def _pool(organisation: Organisation, pk: int) -> LeadPool:
    pools = LeadPool.objects.filter(organisation=organisation, gone_at=None)
    if (pool := pools.filter(pk=pk).first()) is None:
        raise Invalid({"pool": "required"})
    return pool


def _name(text: str) -> str:
    """Without the folders that some browsers tell, and without what no database keeps."""
    name = text.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in name if char.isprintable())[:200]
