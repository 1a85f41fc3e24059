"""An unsure creation that an inbound telling settles: one lead, and what waited for it goes on."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import catalogue, lead_creation, lead_mirror, leads, runner
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Reason, State
from tests.domain.booking_world import World
from tests.support.opened import rows_with

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
LEAD_POST = {"method": "POST", "path": "/connect/table_entries/"}
LOST = "reset_after_commit"


@pytest.fixture
def world(sandbox, monkeypatch):
    # It reads in a thread of its own, which may outlive the test and its database.
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    return World(sandbox)


def new_lead(world):
    pool = next(pool for pool in world.snapshot.pools if pool.default_state)
    return lead_creation.NewLead(pool.pk, Contact("Ilse Weg", "0170 4445566"))


def told_by_a_flow(world):
    """What an event carries: the lead as Connect has it, our key in its data."""
    made = [row for row in world.sandbox.leads() if "4445566" in json.dumps(row["data"])]
    assert len(made) == 1
    return made[0]


def adopt(world, told):
    return lead_mirror.adopt(world.organisation, told, now=timezone.now(), source="hook")[0]


def ours(world):
    return rows_with(Lead.objects.filter(organisation=world.organisation), phone="0170 4445566")


def test_the_key_travels_in_the_data_and_settles_the_creation(world):
    world.sandbox.fault(LOST, times=1, match=LEAD_POST)
    booking = world.ask(lead=new_lead(world))
    creation = world.step(booking.after)
    assert (creation.state, creation.reason) == (State.CHECKING, Reason.ANSWER_LOST)
    told = told_by_a_flow(world)
    key = policy_of(world.organisation.settings).intent_key
    assert told["data"][key] == str(creation.intent)

    lead = adopt(world, told)
    assert lead == creation.lead
    creation = world.step(creation, after=600)
    assert (creation.state, creation.reason) == (State.DONE, Reason.SETTLED_BY_EVENT)
    booking = world.step(Write.objects.get(pk=booking.pk))
    assert booking.state == State.DONE
    assert world.posts()[0]["body"]["entryId"] == told["id"]
    assert ours(world).count() == 1


def test_an_event_before_the_answer_is_lost_makes_no_second_lead(world):
    """The flow is quicker than our own timeout: the lead is told while it is still being sent."""
    booking = world.ask(lead=new_lead(world))
    creation, sent = booking.after, dict(booking.after.payload["data"])
    told = {
        "id": "told-first",
        "tableId": creation.payload["table_id"],
        "leadStateId": creation.payload["lead_state_id"],
        "data": sent,
    }
    adopt(world, told)
    assert ours(world).get().connect_id == "told-first"
    assert ours(world).get() == creation.lead


def test_the_same_event_again_and_the_answer_after_it_change_nothing(world):
    world.sandbox.fault(LOST, times=1, match=LEAD_POST)
    creation = world.step(world.ask(lead=new_lead(world)).after)
    told = told_by_a_flow(world)
    first, second = (adopt(world, told) for _ in "12")
    assert first == second
    world.step(creation, after=600)
    adopt(world, told)
    assert ours(world).count() == 1
    assert len(leads.search(world.organisation, "4445566")) == 1


def test_without_the_key_a_person_decides(world):
    world.organisation.settings = {**world.organisation.settings, "intent_key": ""}
    world.organisation.save(update_fields=["settings"])
    world.sandbox.fault(LOST, times=1, match=LEAD_POST)
    creation = world.step(world.ask(lead=new_lead(world)).after)
    told = told_by_a_flow(world)
    assert str(creation.intent) not in json.dumps(told["data"])
    assert adopt(world, told) != creation.lead
    assert world.step(creation, after=600).state == State.STUCK


def test_key_of_nobody_or_nonsense_is_an_ordinary_lead(world):
    creation = world.ask(lead=new_lead(world)).after
    key, pool = policy_of(world.organisation.settings).intent_key, creation.payload["table_id"]
    for value in ("", "x", None, 7, ["a"], {"a": 1}, str(uuid.UUID(int=1))):
        told = {"id": uuid.uuid4().hex, "tableId": pool, "data": {key: value}}
        assert adopt(world, told) != creation.lead
    assert not Lead.objects.get(pk=creation.lead_id).connect_id


def test_stuck_creation_found_by_a_later_event_is_the_same_lead(world):
    """Hooks settle the write (domain/hooks); the lead is the one that was waiting for its id."""
    world.sandbox.fault(LOST, times=1, match=LEAD_POST)
    booking = world.ask(lead=new_lead(world))
    creation = world.step(world.step(booking.after), after=600)
    assert creation.state == State.STUCK
    lead = adopt(world, told_by_a_flow(world))
    assert lead == creation.lead
    assert ours(world).count() == 1
    runner.sweep(now=timezone.now() + timedelta(minutes=1))
    assert ours(world).count() == 1
