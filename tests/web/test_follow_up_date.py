"""The follow-up date alone, set and cleared from the lead page and the board."""

import uuid

import pytest

from bookingapp.domain.models import LeadEvent, Write
from bookingapp.domain.states import State
from tests.web.booking_world import HTMX, words
from tests.web.follow_up_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


def set_date(client, world, lead, *, part=True, **fields):
    address = world.address("lead-follow-up", lead.pk)
    sent = {"intent": str(uuid.uuid4())} | fields
    return client.post(address, sent, headers=HTMX if part else {})


def test_a_date_is_set_and_cleared_and_can_be_undone(staff, world, queue, woken):
    response = set_date(staff, world, queue[2], choice="tomorrow")
    assert "Lead about to be changed" in words(response)
    write = Write.objects.get(lead=queue[2])
    assert (write.state, woken) == (State.HELD, [write.pk])
    assert set_date(staff, world, queue[0], clear="on").status_code == 200
    assert Write.objects.get(lead=queue[0]).payload["changes"] == {"follow_up_at": None}
    assert not LeadEvent.objects.exists()


def test_a_date_that_cannot_be_set_says_why(staff, world, queue):
    response = set_date(staff, world, queue[2], at="2020-01-01T10:00")
    assert response.status_code == 422
    assert "This time has passed" in response["HX-Trigger"]
    assert set_date(staff, world, queue[2], choice="x").status_code == 422
    seen = set_date(staff, world, queue[0], choice="tomorrow", seen_date="")
    assert seen.status_code == 409


def test_without_a_script_the_date_leads_back(staff, world, queue):
    response = set_date(staff, world, queue[2], part=False, choice="tomorrow")
    assert response["Location"] == world.address("lead-detail", queue[2].pk)
