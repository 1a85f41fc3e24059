"""The kinds of batches, and pushing those that are due."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bookingapp.domain import batches, bulk_moves
from bookingapp.domain.batches import Pushed
from bookingapp.domain.models import BulkMove

BULK_MOVE = "bulk_move"
KINDS = (BULK_MOVE,)


def push(kind: str, pk: UUID, *, now: datetime) -> Pushed:
    """Begin the next writes of one batch; nothing when it is gone, stopped, ended, or in a hand."""
    match kind:
        case "bulk_move":
            bulk = BulkMove.objects.select_related("organisation", "person").filter(pk=pk).first()
            return bulk_moves.push(bulk, now=now) if bulk else Pushed()
        case _:
            raise ValueError(f"there is no batch of kind {kind!r}")


def due(*, now: datetime) -> list[tuple[str, UUID]]:
    """Kind and id of each batch that may go on."""
    return [(BULK_MOVE, bulk.pk) for bulk in batches.due(BulkMove, now=now)]
