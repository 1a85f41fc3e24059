"""Two people in two browsers: each sees what the other is about to book, and is never held up."""

import re

import pytest
from playwright.sync_api import expect

from bookingapp.domain.models import Write
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kim(open_as, world, person):
    return open_as(person("staff"))


@pytest.fixture
def maria(open_as, world, person):
    colleague = person("staff", "maria")
    colleague.first_name = "Maria"
    colleague.save()
    return open_as(colleague)


def cell(page, slot):
    return page.locator(f'.slot-grid [value="{ref(slot)}"]')


def choose(page, slot):
    cell(page, slot).click()
    expect(page.locator("#lead-q")).to_be_focused()


def refresh(page):
    """The poll, now instead of in 15 seconds."""
    with page.expect_response(re.compile("/availability/changes/")):
        page.locator("#grid-refresh").click()


def test_colleague_shows_in_the_cell_and_its_name_and_goes_with_the_booking(kim, maria, world):
    slot, other = world.offer(9), world.offer(10)
    for page in (kim, maria):
        page.goto(page.home + world.url())
    choose(maria, slot)
    refresh(kim)
    expect(cell(kim, slot).locator(".cell-advice")).to_have_text("Maria")
    expect(cell(kim, slot)).to_have_attribute("aria-label", re.compile("Maria is booking this$"))
    expect(cell(kim, other).locator(".cell-advice")).to_have_count(0)
    expect(maria.locator(".cell-advice")).to_have_count(0)

    choose(maria, other)
    refresh(kim)
    expect(cell(kim, slot).locator(".cell-advice")).to_have_count(0)
    expect(cell(kim, slot)).to_have_attribute("aria-label", re.compile(", free$"))
    expect(cell(kim, other).locator(".cell-advice")).to_have_text("Maria")

    maria.keyboard.type("must")
    maria.keyboard.press("Enter")
    expect(maria.locator("#booking-status")).to_contain_text("Anna Muster")
    refresh(kim)
    expect(kim.locator(".cell-advice")).to_have_count(0)


def test_both_may_choose_and_book_it_all_the_same(kim, maria, world):
    slot = world.offer(9, capacity=4)
    for page in (kim, maria):
        page.goto(page.home + world.url())
        choose(page, slot)
    expect(maria.locator("#panel")).to_contain_text("Kim is looking at this time too.")
    world.known("Ben Zweig", "+49 40 888")
    for page, name in ((kim, "must"), (maria, "zweig")):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator("#booking-status")).to_contain_text("Asked for")
    assert Write.objects.count() == 2


def test_new_advice_leaves_the_grid_and_the_focus_alone(kim, maria, world):
    slot, other = world.offer(9), world.offer(10)
    for page in (kim, maria):
        page.goto(page.home + world.url())
    cell(kim, other).focus()
    # A mark that only this very table carries: a new table would not.
    kim.locator(".slot-grid").evaluate("table => table.id = 'the-same'")
    choose(maria, slot)
    with kim.expect_response(re.compile("/availability/changes/")):
        kim.keyboard.press("r")
    expect(cell(kim, slot).locator(".cell-advice")).to_have_text("Maria")
    expect(kim.locator("#the-same")).to_be_attached()
    expect(cell(kim, other)).to_be_focused()
    announced = kim.locator("#live-polite")
    cell(kim, slot).focus()
    choose(maria, other)
    with kim.expect_response(re.compile("/availability/changes/")):
        kim.keyboard.press("r")
    expect(cell(kim, other).locator(".cell-advice")).to_have_text("Maria")
    expect(announced).not_to_be_empty()
