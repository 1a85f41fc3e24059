"""The page of a lead: all that is known, its edits, and one line of all that happened."""

import json
import uuid

import pytest
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.models import Lead, LeadEvent, LeadPool, LeadState, PoolState, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


def page(client, world, lead=None, **query):
    lead = lead or world.lead
    return client.get(world.address("lead-detail", lead.pk), query)


def test_the_page_shows_who_it_is_and_how_to_reach_them(staff, world):
    response = page(staff, world)
    markup = response.content.decode()
    assert response.status_code == 200
    assert "Anna Muster" in words(response)
    assert 'href="tel:+49405551234"' in markup
    assert 'href="mailto:anna@example.com"' in markup
