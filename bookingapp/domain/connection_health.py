"""How the connection of one organisation does: what was asked lately, and what stands now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bookingapp import connect
from bookingapp.domain import call_tallies, gateway, problems, queue_standing, token_states
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import CallTally, LastAnswer, Organisation
from bookingapp.domain.queue_standing import Queue
from bookingapp.domain.token_states import Together

if TYPE_CHECKING:
    from bookingapp.connect.guard import Standing

SPAN = timedelta(hours=24)
PIECES = SPAN // call_tallies.PIECE


@dataclass(frozen=True, slots=True)
class Health:
    """``pieces``: of five minutes each, the oldest first and none left out; the last one is now's.

    ``breaker``: "closed", "open" or "half open"; ``retry_at`` and ``slow_until`` (UTC) say until
    when calls are held back, None when they are not.
    """

    pieces: list[CallTally]
    breaker: str
    retry_at: datetime | None
    slow_until: datetime | None
    tokens: Together
    paused_scope: str | None
    queue: Queue
    last: LastAnswer | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One read made to see what comes: ``problem`` is a code of domain/problems.py, "" if none."""

    problem: str
    milliseconds: int


def of(organisation: Organisation, *, now: datetime) -> Health:
    """Five queries; what other processes counted in the last seconds may still be missing."""
    standing: Standing = gateway.held_back(organisation)
    return Health(
        pieces=_pieces(organisation, now),
        breaker=standing.position.value,
        retry_at=standing.retry_at if standing.retry_at and standing.retry_at > now else None,
        slow_until=standing.slow_until,
        tokens=token_states.together(organisation.tokens.all()),
        paused_scope=_paused_scope(organisation),
        queue=queue_standing.of(organisation, now=now),
        last=LastAnswer.objects.filter(organisation=organisation).first(),
    )


def check(organisation: Organisation, *, request_id: str = "") -> Checked:
    """Read the lead pools, as the weakest token may. Never raises for what Connect does."""
    began = time.monotonic()
    problem = ""
    try:
        gateway.send(organisation, connect.list_lead_pools(), request_id=request_id)
    except (connect.ConnectError, NoToken) as error:
        problem = problems.problem_of(error)
    call_tallies.flush()
    return Checked(problem, round((time.monotonic() - began) * 1000))


def _paused_scope(organisation: Organisation) -> str | None:
    paused = Organisation.objects.filter(pk=organisation.pk).exclude(paused_reason="")
    return paused.values_list("paused_scope", flat=True).first()


def _pieces(organisation: Organisation, now: datetime) -> list[CallTally]:
    last = call_tallies.piece_of(now)
    times = [last - call_tallies.PIECE * back for back in range(PIECES)][::-1]
    rows = CallTally.objects.filter(organisation=organisation, began_at__gte=times[0])
    known = {row.began_at: row for row in rows}
    return [known.get(at) or CallTally(organisation=organisation, began_at=at) for at in times]
