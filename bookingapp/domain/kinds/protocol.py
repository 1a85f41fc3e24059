"""What the runner needs from a kind of write. A new kind is a new file, not new machinery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bookingapp import connect
from bookingapp.domain.models import Write
from bookingapp.domain.states import Reason, State


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a write goes when its step has ended: to the next step, or to its end."""

    state: State
    reason: Reason = Reason.NONE
    step: str = ""
    # What to send from here on, where that changes with the step.
    payload: dict[str, Any] | None = None
    # How the steps have ended, where this decides it.
    ended: dict[str, str] | None = None


class KindOfWrite(Protocol):
    """One kind of write. ``send`` and ``check`` own the move that ends their step; each returns
    the writes that may go on because of it. Kinds of several steps find theirs in ``write.step``.
    """

    def scope_of(self, write: Write) -> connect.Scope:
        """The weakest scope that may do the step the write is at."""

    def is_repeatable(self, write: Write) -> bool:
        """Whether doing the step again, when it had worked, changes nothing at Connect."""

    def send(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write is claimed and in state sending: make at most one call that changes things."""

    def check(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write is claimed and in state checking: look for evidence, change nothing."""

    def apply(self, write: Write, value: Any, *, step: str, now: datetime) -> dict[str, Any]:
        """Mirror what Connect answered to ``step``; returns what the write should remember of it.
        Runs in the transaction of the move that follows.
        """

    def apply_by_word(self, write: Write, *, step: str, connect_id: str, now: datetime) -> None:
        """Mirror ``step`` as a person found it at Connect. Raises Invalid. Same transaction."""

    def onward(self, write: Write, *, ended: Mapping[str, str]) -> Onward:
        """What follows when the steps ``ended`` so (names to done or failed)."""

    def declined(self, write: Write) -> Onward:
        """What follows when a person wants nothing more of it sent."""

    def fails_as(self, write: Write) -> Reason | None:
        """Why a person must look when Connect turns this step down; None: it ends as failed."""

    def stuck_as(self, write: Write, reason: Reason) -> Reason:
        """The reason to show for a write that a person must look at."""

    def after_end(self, write: Write, *, now: datetime) -> Sequence[UUID]:
        """The write has ended: move what waited for it. Runs in the same transaction."""
