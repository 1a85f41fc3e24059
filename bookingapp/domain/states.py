"""The states of a write and the moves between them (design 4.1), as data. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a write stands."""

    HELD = "held"  # inside its undo window
    DUE = "due"  # a worker may take it
    SENDING = "sending"  # a worker has it, under a lease
    WAITING = "waiting"  # again at a time, or once something it needs is there
    CHECKING = "checking"  # unsure: looking for evidence before anything else
    ASKING = "asking"  # a person must choose between alternatives
    STUCK = "stuck"  # a person must say what is true
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


TERMINAL = frozenset({State.DONE, State.REFUSED, State.UNDONE})
UNFINISHED = frozenset(State) - TERMINAL

MOVES: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.DUE, State.SENDING, State.UNDONE}),
    # Straight to an end: an answer that came after its worker was given up is proof all the same.
    State.DUE: frozenset(
        {State.SENDING, State.WAITING, State.UNDONE, State.REFUSED, State.DONE, State.STUCK}
    ),
    State.SENDING: frozenset(
        {
            State.DUE,
            State.DONE,
            State.REFUSED,
            State.WAITING,
            State.CHECKING,
            State.ASKING,
            State.STUCK,
        }
    ),
    State.WAITING: frozenset(
        {State.DUE, State.SENDING, State.REFUSED, State.UNDONE, State.STUCK, State.DONE}
    ),
    State.CHECKING: frozenset({State.DUE, State.DONE, State.REFUSED, State.STUCK, State.WAITING}),
    State.ASKING: frozenset({State.DUE, State.REFUSED, State.UNDONE, State.DONE, State.STUCK}),
    State.STUCK: frozenset({State.DUE, State.DONE, State.REFUSED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
    State.UNDONE: frozenset(),
}


def may_move(source: State, target: State) -> bool:
    return target in MOVES[source]


class Kind(StrEnum):
    """What a write changes at Connect. A new kind is a new file under ``kinds``."""

    CREATE_LEAD = "create_lead"
    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    MOVE_LEAD = "move_lead"
    EDIT_LEAD = "edit_lead"


class Outcome(StrEnum):
    """What became of one attempt: exactly one of these, or nothing yet (design law 4)."""

    DONE = "done"
    REFUSED = "refused"
    LATER = "later"
    SLOT_TAKEN = "slot_taken"
    UNSURE = "unsure"
    NEEDS_PERSON = "needs_person"


class Reason(StrEnum):
    """Why a write stands where it stands. Sentences live in ``web``; these are the codes."""

    NONE = ""
    # waiting
    SLOW_DOWN = "slow_down"
    CONNECT_FAILED = "connect_failed"
    NOT_REACHED = "not_reached"
    CIRCUIT_OPEN = "circuit_open"
    TOKEN_REJECTED = "token_rejected"
    SCOPE_TOO_NARROW = "scope_too_narrow"
    NO_TOKEN = "no_token"
    LEAD_PENDING = "lead_pending"
    # An earlier change of the same lead must end first.
    TURN_PENDING = "turn_pending"
    NO_AVAILABILITY = "no_availability"
    # checking
    ANSWER_LOST = "answer_lost"
    ANSWER_UNREADABLE = "answer_unreadable"
    GATEWAY_FAILED = "gateway_failed"
    WORKER_LOST = "worker_lost"
    # asking
    SLOT_TAKEN = "slot_taken"
    # stuck
    CANNOT_TELL = "cannot_tell"
    CONFLICT = "conflict"
    REDIRECTED = "redirected"
    GAVE_UP = "gave_up"
    BROKEN = "broken"
    # A reschedule freed the old slot and could take neither the new one nor the old one again.
    NO_APPOINTMENT = "no_appointment"
    # A reschedule booked the new slot and the old booking will not go.
    TWO_BOOKINGS = "two_bookings"
    # The lead's own state could not be set again after a reschedule.
    NOT_RESTORED = "not_restored"
    # refused
    INVALID = "invalid"
    VANISHED = "vanished"
    LEAD_REFUSED = "lead_refused"
    DECLINED = "declined"
    # The new slot was refused; the old one is booked again.
    PUT_BACK = "put_back"
    # done
    SETTLED_BY_PERSON = "settled_by_person"
    # RocketLead told us of the lead or booking that it made.
    SETTLED_BY_EVENT = "settled_by_event"
    LATE_ANSWER = "late_answer"
    # Connect confirmed two calls of one write: a person must look what is there twice.
    SECOND_ANSWER = "second_answer"
    # held and undone
    UNDO_WINDOW = "undo_window"
    CHANGED_MIND = "changed_mind"
    # moves without a story of their own
    ASKED = "asked"
    CLAIMED = "claimed"
    PROVEN_ABSENT = "proven_absent"
    # Repeating changes nothing: to delete what is deleted, to set a state that is set.
    REPEATABLE = "repeatable"
    STEP_DONE = "step_done"
    PUTTING_BACK = "putting_back"
    # The old booking stands in the way of the new one, so it is deleted first.
    MAKING_WAY = "making_way"
    CHOSEN = "chosen"
    RESUMED = "resumed"
    NEXT_TRY = "next_try"
    LEASE_EXPIRED = "lease_expired"


# Paused: nothing is wrong with the write; a good token lets it go on by itself.
PAUSES = frozenset({Reason.TOKEN_REJECTED, Reason.SCOPE_TOO_NARROW, Reason.NO_TOKEN})
