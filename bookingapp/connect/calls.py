"""A call as a value: what to send, the least scope for it, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .failures import failure
from .replies import Reply
from .scopes import Scope
from .wire import ShapeError, unreadable

T = TypeVar("T")

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request to Connect, without its token. ``path`` is relative to the organisation's URL."""

    name: str
    method: str
    path: str
    reader: Callable[[bytes], T] = field(repr=False, compare=False)
    query: Query = ()
    body: bytes | None = field(default=None, repr=False)

    @property
    def scope(self) -> Scope:
        """The narrowest scope that may make this call."""
        return Scope.for_method(self.method)

    @property
    def is_read(self) -> bool:
        """True when repeating the call changes nothing at Connect."""
        return self.scope is Scope.READ

    def read(self, reply: Reply) -> T:
        """The answer as a typed value.

        Raises the error that the answer means: always one of ``ConnectError``.
        """
        if not reply.is_success:
            raise failure(reply, name=self.name, method=self.method)
        try:
            return self.reader(reply.body)
        except ShapeError as error:
            problem = unreadable(error, reply.status)
        problem.call_name, problem.maybe_applied = self.name, not self.is_read
        raise problem
