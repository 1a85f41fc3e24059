"""One call for one write: recorded before it is made, judged after. Shared by every kind."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import attempts, gateway
from bookingapp.domain.answers import Judgement, judge
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Attempt, Write
from bookingapp.domain.states import Outcome, Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What one call brought: a value when it is done, the judgement in every case."""

    attempt: Attempt
    judgement: Judgement
    at: datetime
    value: T | None = None
    error: Exception | None = None

    @property
    def status(self) -> int | None:
        return getattr(self.error, "status", None)

    @property
    def message(self) -> str:
        return str(getattr(self.error, "message", "") or "")

    @property
    def says_taken(self) -> bool:
        """Whether the refusal speaks of the slot."""
        return bool(getattr(self.error, "says_taken", False))

    def as_unsure(self) -> Answer[T]:
        """The same answer, when what is there now says that it may not be the whole story."""
        return replace(self, judgement=Judgement(Outcome.UNSURE, self.judgement.reason))

    def close(self, *, evidence: dict[str, Any] | None = None) -> None:
        """Write the outcome down; call it in the transaction of the move that follows from it."""
        attempts.end_attempt(
            self.attempt,
            self.judgement.outcome,
            reason=self.judgement.reason,
            now=self.at,
            status=self.status,
            message=self.message,
            evidence=evidence,
        )


def send(write: Write, call: connect.Call[T], *, evidence: dict[str, Any]) -> Answer[T]:
    """Make one call for a claimed write. Raises journal.Lost when the lease has gone."""
    unsure_before = has_unsure_attempt(write)
    attempt = attempts.begin_attempt(
        write, sent=_described(call), evidence=evidence, now=timezone.now()
    )
    gateway.last_used.set(None)
    try:
        value = gateway.send(
            write.organisation, call, request_id=attempt.request_id, until=write.lease_until
        )
    except (connect.ConnectError, NoToken) as error:
        judgement = judge(error, unsure_before=unsure_before, tries=write.tries.count())
        return Answer(attempt, judgement, timezone.now(), error=error)
    finally:
        # Kept with the outcome: Connect records nobody for a call by token.
        attempt.token_id = gateway.last_used.get()
    done = Judgement(Outcome.DONE, Reason.NONE)
    return Answer(attempt, done, timezone.now(), value=value)


def has_unsure_attempt(write: Write) -> bool:
    """An attempt at this step that may have happened and that nobody has said did not."""
    unsure = write.tries.filter(outcome=Outcome.UNSURE)
    return any(not attempt.evidence.get("denied_by") for attempt in unsure)


def _described(call: connect.Call[Any]) -> dict[str, Any]:
    body = json.loads(call.body) if call.body else None
    return {"method": call.method, "path": call.path, "body": body, "scope": call.scope.value}
