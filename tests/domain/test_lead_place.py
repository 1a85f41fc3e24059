"""Where the board shows a lead: as moved only while nothing contradicts it."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import (
    catalogue,
    journal,
    lead_edits,
    lead_mirror,
    lead_moves,
    settling,
    undo,
)
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import LeadEvent, LeadState, Write
from bookingapp.domain.states import Reason, State
from tests.domain.change_world import ChangeWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PATCH = {"method": "PATCH", "path": "/connect/table_entries/"}

# What Connect may answer to a move: fault of the sandbox, state of the write, reason.
REFUSALS = {
    "400": ("status_400", State.REFUSED, Reason.INVALID),
    "401": ("status_401", State.WAITING, Reason.TOKEN_REJECTED),
    "403": ("status_403", State.WAITING, Reason.SCOPE_TOO_NARROW),
    "404": ("status_404", State.REFUSED, Reason.VANISHED),
    "500": ("status_500", State.WAITING, Reason.CONNECT_FAILED),
    "timeout": ("hang", State.CHECKING, Reason.ANSWER_LOST),
}


@pytest.fixture
def world(sandbox, monkeypatch, settings):
    settings.CONNECT_TOTAL = 1.0
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return ChangeWorld(sandbox)


def move(world, to_state, *, hold=0.0, person=None, **more):
    return lead_moves.ask(
        world.organisation,
        person or world.staff,
        world.known_lead(),
        to_state,
        intent=uuid.uuid4(),
        now=timezone.now(),
        hold_seconds=hold,
        **more,
    )


def shown(world):
    return world.known_lead().board_state


@pytest.mark.parametrize("answer", REFUSALS)
def test_a_refused_move_puts_the_lead_back(world, answer):
    fault, state, reason = REFUSALS[answer]
    own, target = world.known_lead().state_connect_id, world.states()[0]
    params = {"seconds": 3} if fault == "hang" else {}
    world.sandbox.fault(fault, match=PATCH, **params)
    write = move(world, target)
    assert shown(world) == target
    write = world.step(write)
    assert (write.state, write.reason) == (state, reason)
    assert (shown(world), world.known_lead().state_connect_id) == (own, own)


@pytest.mark.parametrize("fault", ["status_500", "reset_after_commit"])
def test_it_stays_back_until_a_later_try_has_done_it(world, fault):
    own, target = world.known_lead().state_connect_id, world.states()[0]
    world.sandbox.fault(fault, times=1, match=PATCH)
    write = world.step(move(world, target))
    assert shown(world) == own
    journal.move(
        write, State.DUE, reason=Reason.NEXT_TRY, now=timezone.now(), due_at=timezone.now()
    )
    # Due again, but what failed once is not shown as if it would go well.
    assert shown(world) == own
    assert world.settle(write).state == State.DONE
    assert shown(world) == target == world.known_lead().state_connect_id


def test_undone_in_the_window_it_never_left(world):
    own, target = world.known_lead().state_connect_id, world.states()[0]
    write = move(world, target, hold=30)
    assert shown(world) == target
    undo.undo(write, person=world.staff, now=timezone.now())
    assert shown(world) == own
    assert world.sandbox.calls("PATCH", "/connect/table_entries/") == []


def test_five_moves_in_the_window_are_shown_one_after_the_other_and_sent_once(world):
    one, other = world.states()
    for target in (one, other, one, other, one):
        write = move(world, target, hold=30)
        assert shown(world) == target
    assert Write.objects.count() == 1
    assert world.step(write, after=40).state == State.DONE
    assert len(world.sandbox.calls("PATCH", "/connect/table_entries/")) == 1
    assert shown(world) == one


def test_a_form_sent_once_more_does_not_override_what_came_after_it(world):
    one, other = world.states()
    intents = [uuid.uuid4(), uuid.uuid4()]
    for intent, target in [*zip(intents, (one, other), strict=True), (intents[0], one)]:
        lead_moves.ask(
            world.organisation,
            world.staff,
            world.known_lead(),
            target,
            intent=intent,
            now=timezone.now(),
            hold_seconds=30,
        )
    assert shown(world) == other


def test_given_up_it_is_back_for_good(world):
    own, target = world.known_lead().state_connect_id, world.states()[0]
    world.sandbox.fault("status_403", match=PATCH)
    write = world.step(move(world, target))
    settling.give_up(write, person=world.staff, now=timezone.now())
    assert shown(world) == own


def test_a_change_seen_is_kept_once_with_who_and_from_where(world):
    own, target = world.known_lead().state_connect_id, world.states()[0]
    write = world.step(move(world, target))
    event = LeadEvent.objects.get(lead=world.lead, kind=LeadEvent.Kind.STATE, write=write)
    assert (event.details, event.person) == ({"from": own, "to": target}, world.staff)
    again = {"id": world.lead.connect_id, "leadStateId": target}
    lead_mirror.adopt(world.organisation, again, now=timezone.now(), source="hook")
    assert LeadEvent.objects.filter(lead=world.lead, write=None, source="hook").count() == 0


def test_an_older_telling_changes_nothing(world):
    target = world.states()[0]
    before = world.known_lead()
    world.step(move(world, target))
    old = {
        "id": world.lead.connect_id,
        "leadStateId": before.state_connect_id,
        "updatedAt": "2020-01-01T00:00:00Z",
        "data": {"name": "Alt"},
    }
    lead_mirror.adopt(world.organisation, old, now=timezone.now(), source="hook")
    assert (shown(world), world.known_lead().name) == (target, before.name)


def test_protected_states_are_for_managers(world):
    own, target = world.known_lead().state_connect_id, world.states()[0]
    world.policy(protected_states=[target])
    with pytest.raises(Invalid) as refused:
        move(world, target)
    assert refused.value.fields == {"state": "protected"}
    assert world.step(move(world, target, may_cross=True)).state == State.DONE
    with pytest.raises(Invalid):
        move(world, own)


def test_a_state_that_its_pool_no_longer_offers_still_shows(world):
    own = world.known_lead().state_connect_id
    LeadState.objects.filter(connect_id=own).update(gone_at=timezone.now())
    assert shown(world) == own
    assert world.step(move(world, world.states()[0])).state == State.DONE


# -- edits ---------------------------------------------------------------------------------


def edit(world, changes, *, seen=None, intent=None):
    return lead_edits.ask(
        world.organisation,
        world.staff,
        world.known_lead(),
        changes,
        intent=intent or uuid.uuid4(),
        now=timezone.now(),
        seen=seen,
    )


def test_an_edit_sends_only_what_changes(world):
    known = world.known_lead()
    key = next(iter(known.data))
    same = {"interested_in_appointment_type_id": known.interested_in_connect_id or None}
    changes = {"data": {key: known.data[key], "zusatz": "ruft zurück"}, **same}
    write = edit(world, changes)
    assert write.payload["changes"] == {"data": {"zusatz": "ruft zurück"}}
    world.step(write)
    (call,) = world.sandbox.calls("PATCH", "/connect/table_entries/")
    assert call["body"] == {"data": {"zusatz": "ruft zurück"}}
    assert world.known_lead().data == {**known.data, "zusatz": "ruft zurück"}
    assert edit(world, {"data": {"zusatz": "ruft zurück"}}) is None


def test_a_key_is_deleted_by_null_and_the_others_stay(world):
    known = world.known_lead()
    world.step(edit(world, {"data": {"extra": {"a": 1, "b": [1, 2]}}}))
    world.step(edit(world, {"data": {"extra": {"a": None, "b": [3]}}}))
    assert world.known_lead().data == {**known.data, "extra": {"b": [3]}}
    world.step(edit(world, {"data": {"extra": None}}))
    assert world.known_lead().data == known.data


def test_two_people_do_not_overwrite_each_other_silently(world):
    first = edit(world, {"data": {"zusatz": "von Maria"}}, seen={("data", "zusatz"): None})
    with pytest.raises(lead_edits.EditedMeanwhile) as meanwhile:
        edit(world, {"data": {"zusatz": "von Jan"}}, seen={("data", "zusatz"): None})
    (conflict,) = meanwhile.value.conflicts
    assert (conflict.seen, conflict.now, conflict.write) == (None, "von Maria", first)
    # Another field of the same lead is no conflict, and neither is the same value.
    other = edit(world, {"data": {"other": "x"}}, seen={("data", "other"): None})
    assert edit(world, {"data": {"zusatz": "von Maria"}}, seen={("data", "zusatz"): None}) is None
    assert world.step(other).reason == Reason.TURN_PENDING
    world.step(first)
    assert world.step(other).state == State.DONE
    assert {"zusatz": "von Maria", "other": "x"}.items() <= world.known_lead().data.items()


def test_the_same_form_twice_is_one_edit(world):
    intent = uuid.uuid4()
    first = edit(world, {"data": {"zusatz": "a"}}, intent=intent)
    assert edit(world, {"data": {"zusatz": "a"}}, intent=intent) == first
    with pytest.raises(journal.IntentReused):
        edit(world, {"data": {"zusatz": "b"}}, intent=intent)


def test_an_edit_and_a_move_take_turns(world):
    target = world.states()[0]
    first, second = move(world, target), edit(world, {"data": {"zusatz": "a"}})
    assert world.step(second).reason == Reason.TURN_PENDING
    world.step(first)
    assert world.step(second).state == State.DONE
    assert (shown(world), world.known_lead().data["zusatz"]) == (target, "a")
