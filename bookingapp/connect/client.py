"""Sends calls: token, deadline, guard and repeats around a pure call and a plain transport."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast
from urllib.parse import urlencode

from .addresses import Reach
from .calls import Call
from .errors import ConnectError, NotSent, TokenRejected, Unreachable
from .guard import Guard
from .paths import base_address
from .records import CallRecord
from .replies import Reply
from .retries import next_delay
from .transport import Exchange, Limits, Timeouts, Transport

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 16 * 1024 * 1024
USER_AGENT = "bookingapp"

_TOKEN = re.compile(r"[\x21-\x7e]+")
_REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    value: T | None = None
    error: ConnectError | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class _Sending(Generic[T]):
    """One call on its way: what does not change between its tries."""

    call: Call[T]
    exchange: Exchange
    request_id: str
    deadline: float


class Client:
    """A client for one organisation's Connect address. Make one and keep it: it holds the pool.

    ``base_url`` is the address before ``/connect/…``, with http or https; ``ValueError`` otherwise.
    ``reach`` says which addresses may be connected to: public ones and this machine's by default.
    ``transport`` replaces the network in tests. ``clock`` gives aware UTC; ``monotonic`` seconds;
    ``jitter`` a number in [0, 1). ``on_call`` gets a ``CallRecord`` after each call.
    """

    def __init__(  # noqa: PLR0913 - injected parts, all by name
        self,
        base_url: str,
        *,
        timeouts: Timeouts | None = None,
        limits: Limits | None = None,
        reach: Reach | None = None,
        transport: httpx.BaseTransport | None = None,
        user_agent: str = USER_AGENT,
        max_body_bytes: int = MAX_BODY_BYTES,
        guard: Guard | None = None,
        on_call: Callable[[CallRecord], None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._base_url = base_address(base_url)
        self._timeouts = timeouts or Timeouts()
        self._user_agent = user_agent
        self._guard = guard
        self._on_call = on_call
        self._clock, self._monotonic = clock, monotonic
        self._sleep, self._jitter = sleep, jitter
        self._transport = Transport(
            timeouts=self._timeouts,
            limits=limits or Limits(),
            max_body_bytes=max_body_bytes,
            clock=clock,
            reach=reach,
            inner=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the pool."""
        self._transport.close()

    def send(
        self,
        call: Call[T],
        *,
        token: str,
        request_id: str = "",
        deadline_seconds: float | None = None,
    ) -> T:
        """Makes the call and returns its typed answer; raises one of ``ConnectError``.

        Reads are repeated a little (see ``retries``); a write is sent at most once. It ends within
        ``deadline_seconds`` or the total timeout, whichever is shorter.
        """
        started_at, began = self._clock(), self._monotonic()
        total = min(self._timeouts.total, deadline_seconds or self._timeouts.total)
        sending = _Sending(call, self._exchange(call, token, request_id), request_id, began + total)
        outcome, tries = self._run(sending)
        record = CallRecord(
            name=call.name,
            method=call.method,
            path=call.path,
            status=outcome.status,
            error_class=type(outcome.error).__name__ if outcome.error else "",
            started_at=started_at,
            duration_seconds=self._monotonic() - began,
            request_id=request_id,
            tries=tries,
        )
        self._report(record)
        if outcome.error is not None:
            raise outcome.error
        return cast("T", outcome.value)

    def _run(self, sending: _Sending[T]) -> tuple[_Outcome[T], int]:
        outcome = self._try(sending)
        tries = 0 if isinstance(outcome.error, NotSent) else 1
        while (delay := self._delay(sending, outcome.error, tries)) is not None:
            self._sleep(delay)
            again = self._try(sending)
            if isinstance(again.error, NotSent):
                # Held back by now: what Connect said before tells more.
                break
            outcome, tries = again, tries + 1
        return outcome, tries

    def _delay(
        self, sending: _Sending[Any], error: ConnectError | None, tries: int
    ) -> float | None:
        if error is None:
            return None
        delay = next_delay(error, tries, is_read=sending.call.is_read, jitter=self._jitter())
        if delay is None or self._monotonic() + delay >= sending.deadline:
            return None
        return delay

    def _try(self, sending: _Sending[T]) -> _Outcome[T]:
        try:
            with self._turn(sending):
                return self._once(sending)
        except NotSent as error:
            return _Outcome(error=self._marked(error, sending))

    def _turn(self, sending: _Sending[Any]) -> AbstractContextManager[None]:
        if self._guard is None:
            return nullcontext()
        return self._guard.turn(sending.deadline - self._monotonic())

    def _once(self, sending: _Sending[T]) -> _Outcome[T]:
        outcome = self._answer(sending)
        if self._guard is not None:
            self._guard.learn(outcome.error)
        return outcome

    def _answer(self, sending: _Sending[T]) -> _Outcome[T]:
        try:
            reply = self._reply(sending)
            return _Outcome(value=sending.call.read(reply), status=reply.status)
        except ConnectError as error:
            return _Outcome(error=self._marked(error, sending), status=error.status)

    def _reply(self, sending: _Sending[T]) -> Reply:
        seconds = sending.deadline - self._monotonic()
        if seconds <= 0:
            raise Unreachable("no time was left to send it", maybe_applied=False)
        return self._transport.send(sending.exchange, seconds=seconds)

    @staticmethod
    def _marked(error: ConnectError, sending: _Sending[Any]) -> ConnectError:
        error.call_name, error.request_id = sending.call.name, sending.request_id
        error.maybe_applied = error.maybe_applied and not sending.call.is_read
        return error

    def _exchange(self, call: Call[Any], token: str, request_id: str) -> Exchange:
        if not _TOKEN.fullmatch(token):
            raise TokenRejected(
                "no header can carry this token", call_name=call.name, request_id=request_id
            )
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            # Only what the body reader can unpack within its limit.
            "Accept-Encoding": "gzip",
            "User-Agent": self._user_agent,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if _REQUEST_ID.fullmatch(request_id):
            headers["X-Request-ID"] = request_id
        query = f"?{urlencode(call.query)}" if call.query else ""
        return Exchange(call.method, self._base_url + call.path + query, headers, call.body)

    def _report(self, record: CallRecord) -> None:
        logger.debug(
            "%s %s %s %.3f s",
            record.name,
            record.status,
            record.error_class,
            record.duration_seconds,
        )
        if self._on_call is None:
            return
        try:
            self._on_call(record)
        except Exception:  # a chart's trouble is not the call's
            logger.exception("on_call failed")
