"""Everything that can go wrong at Connect, as facts; sentences for people live in the face.

Every error has ``status`` (None when there was no answer), ``message`` (Connect's own words:
redacted, one line, at most 500 characters), ``call_name`` and ``request_id`` (ours), and:

- ``maybe_applied``: a write that may have happened all the same. Always False for a read.
- ``retry_after``: seconds that Connect asked us to wait, None when it did not say.
- ``has_envelope``: the answer was in Connect's own form, so it came from Connect and not from a
  gateway in between (contract section 3.4).
"""

from __future__ import annotations

from datetime import datetime

from .redaction import clean
from .scopes import Scope


class ConnectError(Exception):
    """The root of the tree; nothing else leaves this package because of what Connect does."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        call_name: str = "",
        request_id: str = "",
        maybe_applied: bool = False,
        retry_after: float | None = None,
        has_envelope: bool = False,
    ) -> None:
        self.message = clean(message)
        self.status = status
        self.call_name = call_name
        self.request_id = request_id
        self.maybe_applied = maybe_applied
        self.retry_after = retry_after
        self.has_envelope = has_envelope
        super().__init__(self.message)

    def __str__(self) -> str:
        facts = [self.call_name, str(self.status or ""), self.message]
        return " ".join(fact for fact in facts if fact) or type(self).__name__


class NotSent(ConnectError):
    """Nothing was sent: we held the call back ourselves. ``retry_at`` (UTC) is when to try."""

    def __init__(self, message: str = "", *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class CircuitOpen(NotSent):
    """Connect has failed several times in a row; it is left alone until ``retry_at``."""


class Throttled(NotSent):
    """Our own throttle: too many calls in flight, or Connect asked us to slow down."""


class Unreachable(ConnectError):
    """No answer. ``maybe_applied`` is False only where the request provably never left."""


class AddressRefused(Unreachable):
    """The operator's rule closes the address that the host leads to. Nothing was sent."""


class Unreadable(ConnectError):
    """An answer that cannot be understood.

    ``reason`` is ``malformed`` (not JSON), ``shape`` (JSON, but not what is documented),
    ``truncated``, ``too large`` or ``encoding``. With a 2xx ``status`` on a write, Connect did say
    that it was done; only what it said about it is lost.
    """

    def __init__(self, message: str = "", *, reason: str = "malformed", **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type] # the root's own keywords
        self.reason = reason


class GatewayFailed(ConnectError):
    """A 5xx not in Connect's own form: a gateway failed, before or after Connect acted."""


class ServerFailed(ConnectError):
    """A 5xx in Connect's own form: Connect itself says that it failed (and to try again)."""


class RateLimited(ConnectError):
    """429. ``retry_after`` is capped at 15 minutes; the whole organisation should slow down."""


class Refused(ConnectError):
    """400, 422 or another 4xx: Connect understood and said no. ``messages`` are its reasons."""

    def __init__(
        self, message: str = "", *, messages: tuple[str, ...] = (), **facts: object
    ) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type] # the root's own keywords
        self.messages = tuple(clean(text) for text in messages)


class SlotTaken(ConnectError):
    """400 "no longer available" on a booking: it is full now (contract section 8.1).

    After an attempt that may have been applied the same answer can mean that we took it ourselves.
    """


class Conflict(ConnectError):
    """409, undocumented. ``says_taken`` when the text is the one of a taken slot."""

    def __init__(self, message: str = "", *, says_taken: bool = False, **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type] # the root's own keywords
        self.says_taken = says_taken


class Missing(ConnectError):
    """404: an id that Connect does not know, or another organisation's.

    Without ``has_envelope`` it may as well be a wrong address or a gateway: prove nothing by it.
    """


class TokenRejected(ConnectError):
    """401: the token is missing, malformed, expired or revoked."""


class ScopeTooNarrow(ConnectError):
    """403: the token's scope does not cover the method; ``needed`` is the narrowest that does."""

    def __init__(self, message: str = "", *, needed: Scope = Scope.ADMIN, **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type] # the root's own keywords
        self.needed = needed


class Redirected(ConnectError):
    """3xx, never followed: the token is meant for one address. ``target_host`` is where it led."""

    def __init__(self, message: str = "", *, target_host: str = "", **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type] # the root's own keywords
        self.target_host = clean(target_host, 253)
