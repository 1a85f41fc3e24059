"""What an answer that is not a success means (contract section 3.4, design 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from . import errors
from .replies import Envelope, Reply, envelope, retry_after
from .scopes import Scope

# The vendor's own check matches this fragment only; the rest of the sentence is prose.
TAKEN = "no longer available"
BOOKING_CALL = "book"


def failure(reply: Reply, *, name: str, method: str) -> errors.ConnectError:
    """The error that an answer with a status other than 2xx stands for."""
    said = envelope(reply)
    facts: dict[str, Any] = {
        "message": said.message,
        "status": reply.status,
        "call_name": name,
        "has_envelope": said.is_genuine,
    }
    if 300 <= reply.status < 400:
        return _redirected(reply, facts)
    if 400 <= reply.status < 500:
        return _client_failure(reply, said, method, facts)
    return _server_failure(reply, said, method, facts)


def _redirected(reply: Reply, facts: dict[str, Any]) -> errors.ConnectError:
    try:
        host = urlsplit(reply.headers.get("location", "")).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return errors.Redirected(target_host=host, **facts)


def _client_failure(
    reply: Reply, said: Envelope, method: str, facts: dict[str, Any]
) -> errors.ConnectError:
    taken = _says_taken(said)
    if reply.status == 400 and taken and facts["call_name"] == BOOKING_CALL:
        return errors.SlotTaken(**facts)
    if reply.status == 403:
        return errors.ScopeTooNarrow(needed=Scope.for_method(method), **facts)
    if reply.status == 409:
        return errors.Conflict(says_taken=taken, **facts)
    if reply.status == 429:
        return errors.RateLimited(retry_after=retry_after(reply), **facts)
    plain = _PLAIN.get(reply.status)
    return plain(**facts) if plain else errors.Refused(messages=said.messages, **facts)


def _server_failure(
    reply: Reply, said: Envelope, method: str, facts: dict[str, Any]
) -> errors.ConnectError:
    wait = retry_after(reply)
    if said.is_genuine and 500 <= reply.status < 600:
        return errors.ServerFailed(retry_after=wait, **facts)
    unsure = Scope.for_method(method) is not Scope.READ
    return errors.GatewayFailed(maybe_applied=unsure, retry_after=wait, **facts)


def _says_taken(said: Envelope) -> bool:
    return any(TAKEN in " ".join(text.lower().split()) for text in said.messages)


_PLAIN: dict[int, Callable[..., errors.ConnectError]] = {
    401: errors.TokenRejected,
    404: errors.Missing,
}
