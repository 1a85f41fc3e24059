"""What a token is enough for, asked of Connect without changing anything there.

Three calls: one read, one change and one deletion of something that cannot exist. A change of
nothing is answered 403 where the scope is too narrow and 404 where it is wide enough: whoever
looks for the thing has let the token pass. The order of Connect's checks is not documented; where
it looks for the thing first, the first real 403 corrects what is believed here (domain/gateway.py).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bookingapp import connect
from bookingapp.domain import problems

# Seconds for all calls about one token.
PATIENCE = 20.0
# What calls that are to be refused are named: no chart counts that as an error.
CHANGE, DELETION = "probe_change", "probe_deletion"


class Answer(StrEnum):
    PASSED = "passed"
    TOO_NARROW = "too_narrow"
    REJECTED = "rejected"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the scope it asks about, what came, and what that says.

    ``status`` is None where nothing was answered; ``problem`` is a code of domain/problems.py.
    """

    scope: connect.Scope
    answer: Answer
    status: int | None = None
    problem: str = ""
    error: connect.ConnectError | None = None


def steps(client: connect.Client, secret: str) -> Iterator[Step]:
    """One after the other, no further than needed: what may not be read may not be changed."""
    ends_at = time.monotonic() + PATIENCE
    for scope, call in _calls():
        rest = max(ends_at - time.monotonic(), 1.0)
        step = _step(client, secret, scope, call, rest)
        yield step
        if step.answer is not Answer.PASSED:
            return


def scope_of(taken: list[Step]) -> str:
    """The widest scope that passed; "" where not even reading did."""
    passed = [step.scope.value for step in taken if step.answer is Answer.PASSED]
    return passed[-1] if passed else ""


def _calls() -> list[tuple[connect.Scope, connect.Call[Any]]]:
    # A plain UUID: no database of any kind stumbles over it, and nobody has it.
    nowhere = str(uuid.uuid4())
    return [
        (connect.Scope.READ, connect.list_lead_pools()),
        (connect.Scope.WRITE, replace(connect.patch_lead(nowhere, {}), name=CHANGE)),
        (connect.Scope.ADMIN, replace(connect.delete_booking(nowhere), name=DELETION)),
    ]


def _step(
    client: connect.Client,
    secret: str,
    scope: connect.Scope,
    call: connect.Call[Any],
    seconds: float,
) -> Step:
    try:
        client.send(call, token=secret, deadline_seconds=seconds)
    except connect.ConnectError as error:
        return Step(scope, _answer(error, call), error.status, problems.problem_of(error), error)
    return Step(scope, Answer.PASSED, 200)


def _answer(error: connect.ConnectError, call: connect.Call[Any]) -> Answer:
    if isinstance(error, connect.TokenRejected):
        return Answer.REJECTED
    if isinstance(error, connect.ScopeTooNarrow):
        return Answer.TOO_NARROW
    # Not in Connect's own form it may be a gateway's: that proves nothing.
    looked = isinstance(error, connect.Missing | connect.Refused) and error.has_envelope
    return Answer.PASSED if looked and not call.is_read else Answer.UNCLEAR
