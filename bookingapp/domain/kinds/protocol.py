"""What the runner needs from a kind of write. A new kind is a new file, not new machinery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bookingapp import connect
from bookingapp.domain.models import Write


class KindOfWrite(Protocol):
    """One kind of write. ``send`` and ``check`` own the move that ends their step; each returns
    the writes that may go on because of it.
    """

    scope: connect.Scope

    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write is claimed and in state sending: make at most one call that changes things."""

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write is claimed and in state checking: look for evidence, change nothing."""

    def apply(self, write: Write, value: Any, *, now: datetime) -> dict[str, Any]:
        """Mirror what Connect answered; returns what the write should remember of it. Runs in the
        transaction of the move to done.
        """

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write has ended: move what waited for it. Runs in the same transaction."""
