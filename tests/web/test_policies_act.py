"""Policies of booking and of leads, as they act in the desk's own forms and in what is sent."""

import json
import re
import uuid

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import lead_edits, lead_mirror, runner
from bookingapp.domain.models import Write
from bookingapp.domain.policy import policy_of
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import connect_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(world):
    def set_(**changed):
        world.organisation.settings = {**world.organisation.settings, **changed}
        policy_of(world.organisation.settings)
        world.organisation.save(update_fields=["settings"])

    return set_


def ticks(client, world, slot):
    """Name to whether it is ticked, of the boxes for when somebody is faster."""
    html = client.get(world.url(slot=ref(slot, world.jana))).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="(anyone|nearby)"([^>]*)>', html)
    return {name: "checked" in rest for name, rest in boxes}


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, {"anyone": False, "nearby": False}),
        ({"anyone": "chosen"}, {"anyone": True, "nearby": False}),
        ({"anyone": "never"}, {"nearby": False}),
        ({"nearby": "never"}, {"anyone": False}),
        ({"anyone": "never", "nearby": "never"}, {}),
    ],
)
def test_the_form_offers_what_the_policy_allows(staff, world, policy, changed, shown):
    policy(**changed)
    assert ticks(staff, world, world.offer(9, world.jana)) == shown


@pytest.mark.parametrize("allowed", ["offered", "chosen", "never"])
def test_a_form_sent_by_hand_cannot_exceed_it(staff, world, policy, allowed):
    policy(anyone=allowed, nearby="never")
    slot = world.offer(9, world.jana)
    world.post(staff, world.fill(slot, anyone="on", nearby="on"))
    wish = Write.objects.get().payload["wish"]
    assert (wish["anyone"], wish["nearby"]) == (allowed != "never", False)


def test_anyones_cell_is_anyones_whatever_the_policy(staff, world, policy):
    policy(anyone="never")
    slot = world.offer(9, world.jana)
    world.post(staff, world.fill(slot) | {"slot": ref(slot)})
    assert Write.objects.get().payload["wish"]["anyone"] is True


def test_what_was_unticked_stays_unticked_after_a_refusal(staff, world, policy):
    policy(anyone="chosen")
    slot = world.offer(9, world.jana)
    answer = world.post(staff, world.fill(slot, lead=""))
    box = re.search(r'<input type="checkbox" name="anyone"[^>]*>', answer.content.decode())
    assert "checked" not in box.group()


def test_a_new_lead_of_the_panel_has_its_phone_where_its_pool_keeps_it(staff, world, policy):
    policy(pool_keys={world.pool.connect_id: {"phone_keys": ["handy"]}})
    slot = world.offer(9, world.jana)
    new = {"lead": "new", "pool": world.pool.pk, "name": "Ben Neu", "phone": "040 5559876"}
    world.post(staff, world.fill(slot, **new))
    data = Write.objects.get(kind="create_lead").payload["data"]
    assert data["handy"] == "040 5559876"
    assert "phone" not in data


def test_a_change_carries_the_name_of_who_made_it_once(world, policy, monkeypatch):
    policy(person_field="cf-1")
    sent = []

    def send(_organisation, call, **_):
        sent.append(connect_body(call))
        fields = sent[-1].get("customFieldData", {})
        told = {"id": world.lead.connect_id, "data": {"name": "Anna"}, "customFieldData": fields}
        return call.reader(json.dumps(told).encode())

    monkeypatch.setattr("bookingapp.domain.gateway.send", send)
    for text in ("yes", "no"):
        world.lead.refresh_from_db()
        changes = {"data": {"answer": text}}
        write = lead_edits.ask(
            world.organisation,
            world.staff,
            world.lead,
            changes,
            intent=uuid.uuid4(),
            now=timezone.now(),
        )
        runner.run(write.pk, now=timezone.now())
    assert sent[0] == {"data": {"answer": "yes"}, "customFieldData": {"cf-1": "Kim"}}
    assert sent[1] == {"data": {"answer": "no"}}


def test_a_lead_that_comes_in_is_read_by_the_keys_of_its_pool(world, policy):
    policy(pool_keys={world.pool.connect_id: {"phone_keys": ["handy"]}})
    data = {"name": "Cem", "handy": "040 5550001", "phone": "040 5550002"}
    phones = [
        lead_mirror.adopt(
            world.organisation,
            {"id": uuid.uuid4().hex, "tableId": pool.connect_id, "data": data},
            now=timezone.now(),
        )[0].phone
        for pool in (world.pool, world.shut)
    ]
    assert phones == ["040 5550001", "040 5550002"]


@pytest.mark.parametrize(("attempts", "posts"), [(1, 1), (3, 2)])
def test_so_many_slots_are_tried_then_a_person_is_asked(staff, world, policy, attempts, posts):
    policy(booking_attempts=attempts)
    slot = world.offer(9, world.jana)
    world.offer(9, world.anna)
    world.post(staff, world.fill(slot, anyone="on"))
    write = Write.objects.get()
    world.connect.answers += [connect.SlotTaken("no longer available", status=400)] * 2
    for _ in range(posts + 1):
        runner.run(write.pk, now=timezone.now())
    write.refresh_from_db()
    assert len(world.connect.sent) == posts
    assert write.state == "asking"


@pytest.mark.parametrize(("choice", "state"), [("retry", "waiting"), ("ask", "stuck")])
def test_a_lead_that_connect_failed_to_create(staff, world, policy, choice, state):
    policy(lead_after_500=choice)
    slot = world.offer(9, world.jana)
    new = {"lead": "new", "pool": world.pool.pk, "name": "Ben Neu", "phone": "040 5559876"}
    world.post(staff, world.fill(slot, **new))
    world.connect.answers.append(connect.ServerFailed(status=500))
    write = Write.objects.get(kind="create_lead")
    runner.run(write.pk, now=timezone.now())
    write.refresh_from_db()
    assert write.state == state


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("entryId", {"entryId"}),
        ("tableEntryId", {"tableEntryId"}),
        ("both", {"entryId", "tableEntryId"}),
    ],
)
def test_a_booking_names_its_lead_in_the_field_that_was_chosen(staff, world, policy, field, names):
    policy(lead_link_field=field)
    world.post(staff, world.fill(world.offer(9, world.jana)))
    runner.run(Write.objects.get().pk, now=timezone.now())
    (body,) = world.connect.sent
    assert {name for name in body if name in {"entryId", "tableEntryId"}} == names
