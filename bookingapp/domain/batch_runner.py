"""The kinds of batches, and pushing those that are due."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bookingapp.domain import batches, bulk_moves
from bookingapp.domain.batches import Pushed
from bookingapp.domain.imports import running as imports
from bookingapp.domain.models import BulkMove, LeadImport
from bookingapp.domain.models.batch import Batch

BULK_MOVE = "bulk_move"
LEAD_IMPORT = "lead_import"
MODELS: dict[str, type[Batch]] = {BULK_MOVE: BulkMove, LEAD_IMPORT: LeadImport}


def turn(kind: str, pk: UUID, *, now: datetime) -> bool:
    """Whether this waking is the one that counts; see ``batches.turn``."""
    return batches.turn(MODELS[kind], pk, now=now)


def push(kind: str, pk: UUID, *, now: datetime) -> Pushed:
    """Begin the next writes of one batch; nothing when it is gone, stopped, ended, or in a hand."""
    match kind:
        case "bulk_move":
            bulk = BulkMove.objects.select_related("organisation", "person").filter(pk=pk).first()
            return bulk_moves.push(bulk, now=now) if bulk else Pushed()
        case "lead_import":
            known = LeadImport.objects.select_related("organisation", "person", "pool")
            batch = known.filter(pk=pk).first()
            return imports.push(batch, now=now) if batch else Pushed()
        case _:
            raise ValueError(f"there is no batch of kind {kind!r}")


def due(*, now: datetime) -> list[tuple[str, UUID]]:
    """Kind and id of each batch that may go on."""
    found = ((kind, batches.due(model, now=now)) for kind, model in MODELS.items())
    return [(kind, batch.pk) for kind, due_ones in found for batch in due_ones]
