"""The state of a lead from the page of its booking: pending as pending, one write however often."""

import uuid

import pytest
from django.utils import timezone

from bookingapp.domain.models import Lead, PoolState, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(world):
    Lead.objects.update(state_connect_id="fresh")
    world.lead.refresh_from_db()
    return world.booked()


def move(client, world, state, *, part=True, intent=None, **headers):
    fields = {"intent": intent or str(uuid.uuid4()), "state": state}
    told = headers | (HTMX if part else {})
    return client.post(world.address("lead-state", world.lead.pk), fields, headers=told)


def moves():
    return Write.objects.filter(kind=Kind.MOVE_LEAD)


def patches(world):
    return [one for one in world.connect.sent if one.get("method") == "PATCH"]


def test_the_page_shows_the_states_of_the_pool_and_a_key(staff, world, booking):
    page = staff.get(world.address("booking-detail", booking.pk)).content.decode()
    form = next(f for f in forms(page, "/state/"))
    assert form.fields["state"] == "fresh"
    assert 'name="state" data-shortcut="m"' in page
    assert "Fires 1 automation event now." in page


def test_a_move_is_pending_until_connect_has_it(staff, world, booking, woken):
    woken.clear()
    response = move(staff, world, "warm")
    assert "Fresh → Warm Lead state about to change" in words(response)
    assert 'id="held"' in response.content.decode()
    write = moves().get()
    assert woken == [write.pk]
    assert patches(world) == []
    moves().update(due_at=timezone.now())
    assert world.run(write).state == "done"
    assert Lead.objects.get(pk=world.lead.pk).state_connect_id == "warm"
    part = staff.get(world.address("lead-state", world.lead.pk), headers=HTMX)
    assert "about to change" not in words(part)


def test_changed_five_times_in_the_window_is_one_patch(staff, world, booking):
    hot = world._row(type(world.warm), "hot", "Hot")
    PoolState.objects.create(pool=world.pool, state=hot, position=3)
    world.organisation.catalogue_version += 1
    world.organisation.save()
    for state in ("warm", "hot", "warm", "hot", "warm"):
        assert move(staff, world, state).status_code == 200
    moves().update(due_at=timezone.now())
    for write in moves():
        world.run(write)
    assert [one["leadStateId"] for one in patches(world)] == ["warm"]


def test_back_to_where_it_was_sends_nothing(staff, world, booking):
    move(staff, world, "warm")
    move(staff, world, "fresh")
    assert moves().get().state == "undone"
    assert patches(world) == []


def test_an_unknown_state_is_refused_at_the_field(staff, world, booking):
    response = move(staff, world, "nowhere")
    assert response.status_code == 422
    assert "This state is not offered any more." in words(response)
    assert 'aria-invalid="true"' in response.content.decode()
    assert not moves()


def test_without_a_script_it_leads_back_to_the_page(staff, world, booking):
    page = f"http://testserver{world.address('booking-detail', booking.pk)}"
    response = move(staff, world, "warm", part=False, Referer=page)
    assert response["Location"] == page
    assert "Lead state about to change" in words(staff.get(page))
    response = move(staff, world, "nowhere", part=False, Referer=page)
    assert "This state is not offered any more." in words(staff.get(response["Location"]))


def test_a_broken_intent_changes_nothing(staff, world, booking):
    assert move(staff, world, "warm", intent="x").status_code == 422
    assert not moves()


def test_a_lead_that_connect_does_not_have_shows_no_choice(staff, world, booking):
    Lead.objects.update(connect_id="")
    page = staff.get(world.address("booking-detail", booking.pk)).content.decode()
    assert 'id="lead-state"' not in page
    response = move(staff, world, "warm")
    assert response.status_code == 422
    assert "Connect does not have this lead yet" in words(response)
