"""In which column the board shows a lead: where Connect has it, or where a move is taking it.

A move that was refused, put off by a failure, paused or unsure puts the lead back where it was: the
board shows as moved only what has not been contradicted.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from bookingapp.domain.models import Attempt, Lead, Write
from bookingapp.domain.states import Kind, Outcome, Reason, State

# Nothing has gone wrong with a move in these.
_GOES = [State.HELD, State.DUE, State.SENDING]
_TRIES = 3


def refresh(lead_pk: UUID) -> None:
    """Bring ``board_state`` up to date; in the transaction of what may have changed it."""
    # Who changes the lead at this moment is waited for, and then the lead is another one.
    for _ in range(_TRIES):
        if _brought_up(lead_pk):
            return


def _brought_up(lead_pk: UUID) -> bool:
    fields = ("state_connect_id", "board_state", "connect_id")
    lead = Lead.objects.filter(pk=lead_pk)
    known = lead.values_list(*fields).first()
    if known is None:
        return True
    present, shown, connect_id = known
    place = _target(lead_pk) or present or _created_in(lead_pk)
    # A lead that is still to be created waits in the column it will have.
    if place == shown or not (place or connect_id):
        return True
    as_seen = lead.filter(state_connect_id=present, board_state=shown)
    return bool(as_seen.update(board_state=place))


def _created_in(lead_pk: UUID) -> str:
    """The state that we created it in: of some, nobody has told us another yet."""
    made = Write.objects.filter(lead=lead_pk, kind=Kind.CREATE_LEAD).order_by("-created_at")
    return str(made.values_list("payload__lead_state_id", flat=True).first() or "")


def _target(lead_pk: UUID) -> str:
    """Where the newest untroubled move takes the lead; "" when there is none."""
    turn = Q(state=State.WAITING, reason=Reason.TURN_PENDING)
    failed = Attempt.objects.filter(write=OuterRef("pk"), ended_at__isnull=False)
    moves = Write.objects.filter(Q(state__in=_GOES) | turn, lead=lead_pk, kind=Kind.MOVE_LEAD)
    moves = moves.filter(~Exists(failed.exclude(outcome=Outcome.DONE)))
    newest = moves.order_by("-created_at", "-pk").values_list("payload__to", flat=True).first()
    return str(newest or "")
