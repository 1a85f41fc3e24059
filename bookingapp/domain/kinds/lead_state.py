"""Setting a lead's state: one PATCH. Setting it to what it is changes nothing (contract 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingapp.domain.kinds import lead_patch
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.models import Write


def send(kind: KindOfWrite, write: Write, to_state: str, *, now: datetime) -> Sequence[UUID]:
    return lead_patch.send(kind, write, {"lead_state_id": to_state}, now=now)


def apply(write: Write, value: Any, to_state: str, *, now: datetime) -> dict[str, Any]:
    return lead_patch.apply(write, value, {"lead_state_id": to_state}, now=now)
