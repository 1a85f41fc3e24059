"""What a call came to, as a value for health charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What one call came to, for health charts. ``tries`` is 0 when nothing was sent."""

    name: str
    method: str
    path: str
    status: int | None
    error_class: str
    started_at: datetime
    duration_seconds: float
    request_id: str
    tries: int
