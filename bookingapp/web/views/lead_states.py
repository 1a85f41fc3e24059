"""The state of a lead as a part of a page: where it stands, where it may go, what is on its way."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from bookingapp.domain import catalogue, consequences, models
from bookingapp.domain.catalogue.items import LeadState
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import consequence
from bookingapp.web.presenters.sentences import Text
from bookingapp.web.views import status_context


@dataclass(frozen=True, slots=True)
class LeadStatePart:
    """``pending`` is a move that is not done yet; ``error`` belongs to the last choice."""

    lead: Lead
    slug: str
    present: LeadState | models.LeadState | None
    choices: tuple[LeadState, ...]
    pending: Write | None
    target: str
    line: str
    intent: uuid.UUID
    error: Text = ""
    # The last move, where Connect did not take it and nobody has read that yet.
    refused: Write | None = None
    refused_to: str = ""

    @property
    def refused_row(self) -> status_context.Row | None:
        return status_context.row(self.refused) if self.refused else None

    @property
    def is_offered(self) -> bool:
        """Whether the list has what counts; a lead may keep a state that its pool has dropped."""
        return any(state.connect_id == self.chosen for state in self.choices)

    @property
    def pending_row(self) -> status_context.Row | None:
        return status_context.row(self.pending) if self.pending else None

    @property
    def chosen(self) -> str:
        """The state that the list shows as chosen: what is on its way counts already."""
        if self.pending is not None:
            return str(self.pending.payload.get("to", ""))
        return self.lead.state_connect_id


def of(request: StaffRequest, lead: Lead, *, error: Text = "") -> LeadStatePart | None:
    """None where there is nothing to choose: no pool that we know, or a lead not at Connect."""
    states = _states(request, lead)
    if not states or not lead.connect_id:
        return None
    moves: Any = lead.writes.filter(kind=Kind.MOVE_LEAD).exclude(state=State.UNDONE)
    moves = moves.select_related("organisation", "lead").order_by("-created_at")
    pending = moves.exclude(state__in=TERMINAL).first()
    newest = moves.first()
    refused = newest if newest and newest.state == State.REFUSED and not newest.seen_at else None
    named = {state.connect_id: state for state in _every_state(request)}
    return LeadStatePart(
        lead=lead,
        slug=request.organisation.slug,
        present=named.get(lead.state_connect_id) or _gone(lead),
        choices=states,
        pending=pending,
        target=_name(named, pending),
        line=consequence.line(_moving(states, lead)),
        intent=uuid.uuid4(),
        error=error,
        refused=refused,
        refused_to=_name(named, refused),
    )


def _gone(lead: Lead) -> models.LeadState | None:
    """A state that Connect offers nowhere any more still has its name."""
    known = models.LeadState.objects.filter(organisation=lead.organisation)
    return known.filter(connect_id=lead.state_connect_id).first()


def _moving(states: tuple[LeadState, ...], lead: Lead) -> Consequence:
    """Of going to any other state."""
    other = next((s for s in states if s.connect_id != lead.state_connect_id), None)
    return consequences.of_lead_move(lead, other.connect_id if other else "")


def _states(request: StaffRequest, lead: Lead) -> tuple[LeadState, ...]:
    """Those of the lead's pool."""
    pool = catalogue.snapshot(request.organisation).pool(lead.pool_id or 0)
    return pool.states if pool else ()


def _every_state(request: StaffRequest) -> list[LeadState]:
    """A lead may have one that its pool does not offer (contract 5.1)."""
    return [
        state for pool in catalogue.snapshot(request.organisation).pools for state in pool.states
    ]


def _name(named: dict[str, LeadState], pending: Write | None) -> str:
    state = named.get(str(pending.payload.get("to", ""))) if pending else None
    return state.name if state else ""
