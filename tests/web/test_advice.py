"""Advice on the availability page: beside the kept grid, with the poll, in the panel."""

import re
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from bookingapp.domain import advice
from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import grid_cache, grid_markup
from tests.web.availability_world import ref, tag_of
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words


@pytest.fixture
def maria(world, person):
    colleague = person("staff", "maria")
    colleague.first_name = "Maria"
    colleague.save()
    client = Client()
    client.force_login(colleague)
    return client


def choose(client, world, slot, resource=None, *, part=True, **query):
    headers = HTMX | {"HX-Target": "panel"} if part else {}
    return client.get(world.url(slot=ref(slot, resource), **query), headers=headers)


def poll(client, world, version, *, seen="", **query):
    fresh()
    more = {"seen": seen} if seen else {}
    url = world.url("availability-changes", v=unquote(version), **more, **query)
    return client.get(url, headers={**HTMX, "HX-Target": "grid"})


def fresh():
    """Another process, or a second later."""
    advice._memory.clear()


def told(response):
    """Slot, name and words of each note on a page or in a part."""
    found = r'<span data-slot="([^"]*)" data-short="([^"]*)" data-told="([^"]*)">'
    return re.findall(found, response.content.decode())


def seen_of(response):
    return re.search(r'<div id="advice" hidden data-tag="([^"]*)"', response.content.decode())[1]


def test_page_shows_who_is_booking_what(staff, world, maria):
    slot = world.offer(9)
    choose(maria, world, slot)
    fresh()
    assert told(staff.get(world.url())) == [(ref(slot), "Maria", "Maria is booking this")]
    assert told(maria.get(world.url())) == []


def test_chosen_without_a_script_it_counts_too(staff, world, maria):
    slot = world.offer(9)
    choose(maria, world, slot, world.anna, part=False, view="day")
    fresh()
    assert [note[0] for note in told(staff.get(world.url()))] == [ref(slot, world.anna)]


def test_panel_says_that_somebody_else_looks_at_it(staff, world, maria):
    slot, other = world.offer(9), world.offer(11)
    choose(maria, world, slot)
    fresh()
    assert "Maria is looking at this time too." in words(choose(staff, world, slot))
    fresh()
    assert "Kim is looking at this time too." in words(choose(maria, world, slot))
    fresh()
    assert "is looking at" not in words(choose(staff, world, other))


def test_another_slot_or_a_closed_one_takes_it_back(staff, world, maria):
    slot, other, full = world.offer(9), world.offer(10), world.offer(11, booked=1)
    choose(maria, world, slot)
    choose(maria, world, other)
    fresh()
    assert [note[0] for note in told(staff.get(world.url()))] == [ref(other)]
    choose(maria, world, full)
    fresh()
    assert told(staff.get(world.url())) == []


def test_asking_for_the_booking_takes_it_back_at_once(staff, world, maria):
    slot = world.offer(9)
    choose(maria, world, slot)
    world.post(maria, world.fill(slot))
    fresh()
    assert told(staff.get(world.url())) == []


def test_unchanged_poll_is_empty_and_costs_one_read_of_the_cache(staff, world, monkeypatch):
    world.offer(9)
    version = tag_of(staff.get(world.url()))
    reads = []
    real = cache.get_many
    monkeypatch.setattr(cache, "get_many", lambda keys: reads.append(list(keys)) or real(keys))
    response = poll(staff, world, version)
    assert (response.status_code, response.content) == (204, b"")
    assert len([keys for keys in reads if keys[0].startswith("advice:")]) == 1


def test_new_advice_comes_alone_and_is_sent_once(staff, world, maria, monkeypatch):
    slot = world.offer(9)
    version = tag_of(staff.get(world.url()))
    choose(maria, world, slot)
    monkeypatch.setattr(grid_markup, "table", None)
    response = poll(staff, world, version)
    assert response["HX-Reswap"] == "none"
    assert response["Desk-As-Of"]
    assert response.content.decode().startswith('<div id="advice" hidden')
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert len(told(response)) == 1
    assert poll(staff, world, version, seen=seen_of(response)).status_code == 204


def test_advice_that_is_over_is_taken_away_by_the_poll(staff, world, maria):
    slot, full = world.offer(9), world.offer(10, booked=1)
    choose(maria, world, slot)
    fresh()
    page = staff.get(world.url())
    choose(maria, world, full)
    response = poll(staff, world, tag_of(page), seen=seen_of(page))
    assert told(response) == []
    assert seen_of(response) == ""


def test_changed_grid_brings_its_advice_along(staff, world, maria):
    slot = world.offer(9)
    choose(maria, world, slot)
    response = poll(staff, world, "old")
    text = response.content.decode()
    assert text.lstrip().startswith('<section id="grid"')
    assert len(told(response)) == 1
    assert 'id="advice"' in text


def test_kept_pieces_are_nobodys_advice(staff, world, maria):
    """What is kept for everybody must not hold what was true for one moment and one person."""
    slot = world.offer(9)
    choose(maria, world, slot)
    fresh()
    assert told(staff.get(world.url()))
    cache.clear()
    fresh()
    assert told(staff.get(world.url())) == []
    kept = str(grid_cache.parts._known) + str(grid_cache.pieces._known)
    assert "Maria is booking" not in kept


def test_hostile_name_stays_text(staff, world, maria, person):
    colleague = person("staff", "maria")
    colleague.first_name = '"><b>&<!--gap:token-->'
    colleague.save()
    slot = world.offer(9)
    choose(maria, world, slot)
    fresh()
    for page in (staff.get(world.url()), choose(staff, world, slot)):
        assert "<b>&" not in page.content.decode()
        assert "<!--gap" not in page.content.decode()


def test_colleagues_of_another_organisation_are_not_seen(staff, world, maria, elsewhere, person):
    slot = world.offer(9)
    stranger = person("stranger")
    calendar, at = world.calendar.pk, SlotRef(slot.starts_at)
    advice.note(elsewhere, stranger, calendar, at, now=timezone.now())
    fresh()
    assert told(staff.get(world.url())) == []
    advice.note(world.organisation, stranger, calendar, at, now=timezone.now())
    fresh()
    assert len(told(staff.get(world.url()))) == 1
