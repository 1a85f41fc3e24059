"""The table of moves: ends are ends, and everything else can reach one."""

import pytest

from bookingapp.domain.states import MOVES, TERMINAL, UNFINISHED, State, may_move


def test_every_state_has_a_row():
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_nothing_leaves_an_end(state):
    assert not any(may_move(state, target) for target in State)


@pytest.mark.parametrize("state", sorted(UNFINISHED))
def test_every_unfinished_state_reaches_an_end(state):
    reached, edge = {state}, {state}
    while edge:
        edge = {target for source in edge for target in MOVES[source]} - reached
        reached |= edge
    assert reached & TERMINAL


def test_only_before_sending_can_a_write_be_undone():
    assert not may_move(State.SENDING, State.UNDONE)
    assert not may_move(State.CHECKING, State.UNDONE)


def test_what_is_unsure_is_never_sent_without_passing_through_due():
    assert State.SENDING not in MOVES[State.CHECKING]
    assert State.SENDING not in MOVES[State.STUCK]
