"""What may have happened at Connect in a reschedule although no answer said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import Q

from bookingapp.domain import sending
from bookingapp.domain.kinds import plan
from bookingapp.domain.models import Write
from bookingapp.domain.states import Outcome, Reason

TAKES_SLOT = frozenset({plan.BOOK, plan.PUT_BACK})
# Answers that may have come from something in between, after Connect had done it.
UNCLEAR = frozenset({Reason.CONNECT_FAILED, Reason.SLOW_DOWN, Reason.CONFLICT})


def may_be_marked(write: Write, ended: Mapping[str, str]) -> bool:
    """Whether the lead has, or may have, the state that it was to have for the move only."""
    unclear = Q(outcome=Outcome.UNSURE) | Q(reason__in=UNCLEAR)
    tried = write.attempts.filter(unclear, step=plan.MARK)
    return ended.get(plan.MARK) == plan.DONE or tried.exists()


def may_be_deleted(write: Write) -> bool:
    """Whether an answer that was no word of Connect's on the matter may hide that it was done."""
    return sending.has_unsure_attempt(write) or write.tries.filter(reason__in=UNCLEAR).exists()


def booked_too_often(write: Write, ended: Mapping[str, str]) -> bool:
    """Connect confirmed a booking that our plan knows nothing of: an answer that came too late."""
    confirmed = write.attempts.filter(step__in=TAKES_SLOT, outcome=Outcome.DONE)
    steps_confirmed = Counter(confirmed.values_list("step", flat=True))
    # Step by step: one that a person settled has no answer, and must not make up for another.
    return any(number > (ended.get(step) == plan.DONE) for step, number in steps_confirmed.items())
