"""Lead moves take turns with what else sets a lead's state, and say what Connect answered."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, lead_moves, needs_you
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead, Token, Write
from bookingapp.domain.states import Outcome, Reason, State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PATCH = {"method": "PATCH", "path": "/connect/table_entries/"}


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def move(world, to_state, *, intent=None):
    return lead_moves.ask(
        world.organisation,
        world.staff,
        world.known_lead(),
        to_state,
        intent=intent or uuid.uuid4(),
        now=timezone.now(),
        hold_seconds=0,
    )


def there(world):
    known = {row["id"]: row["leadStateId"] for row in world.sandbox.leads()}
    return known[world.lead.connect_id]


def test_a_move_is_one_patch_and_mirrored(world):
    target = world.states()[0]
    write = world.step(move(world, target))
    assert (write.state, there(world)) == (State.DONE, target)
    assert world.known_lead().state_connect_id == target


def test_a_lost_answer_is_sent_again_since_that_changes_nothing(world):
    before = len(world.sandbox.events())
    target = world.states()[0]
    world.sandbox.fault("reset_after_commit", times=1, match=PATCH)
    write = world.settle(move(world, target))
    assert list(write.attempts.values_list("outcome", flat=True)) == [Outcome.UNSURE, Outcome.DONE]
    assert (there(world), len(world.sandbox.events())) == (target, before + 1)


def test_the_same_intent_is_one_move(world):
    intent, target = uuid.uuid4(), world.states()[0]
    write = move(world, target, intent=intent)
    assert move(world, target, intent=intent).pk == write.pk
    world.step(write)
    assert move(world, target, intent=intent).pk == write.pk


def test_a_second_move_waits_for_the_first(world):
    one, other = world.states()
    first, second = move(world, one), move(world, other)
    assert world.step(second).reason == Reason.TURN_PENDING
    world.step(first)
    assert world.step(second).state == State.DONE
    assert there(world) == other


def test_without_a_token_that_may_write_it_is_paused(world):
    Token.objects.exclude(label="read").delete()
    write = world.step(move(world, world.states()[0]))
    assert (write.state, write.reason, write.result["scope"]) == (
        State.WAITING,
        Reason.NO_TOKEN,
        "write",
    )
    assert world.sandbox.calls() == []


def test_a_refused_move_is_told_and_changes_nothing_here(world):
    own = world.known_lead().state_connect_id
    write = move(world, world.states()[0])
    Write.objects.filter(pk=write.pk).update(payload={"from": own, "to": str(uuid.uuid4())})
    write = world.settle(write)
    assert write.state in {State.REFUSED, State.STUCK}
    assert list(needs_you.writes(world.staff)) == [write]
    assert world.known_lead().state_connect_id == own == there(world)


def test_what_connect_does_not_have_cannot_be_moved(world):
    with pytest.raises(Invalid):
        move(world, "no-such-state")
    Lead.objects.filter(pk=world.lead.pk).update(connect_id="")
    with pytest.raises(Invalid):
        move(world, world.states()[0])
