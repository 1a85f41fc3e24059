"""What is pressed while a press is leading to another page is not lost on the old one."""

import pytest
from playwright.sync_api import expect

from bookingapp import connect
from bookingapp.domain.models import Write
from bookingapp.domain.states import Kind
from tests.support.waiting import wait_for
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asking(open_as, world, person):
    """The grid of somebody whose slot was taken in between, beside the question what instead."""
    page = open_as(person("staff"))
    page.goto(page.home + world.url(slot=ref(world.offer(9))))
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type("must")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Asked for")
    world.connect.answers.append(connect.SlotTaken("no longer available", status=400))
    world.run(Write.objects.get(kind=Kind.BOOK))
    expect(elsewhere(page)).to_be_visible()
    page.way, page.asked = [], []
    # Playwright keeps notes on what it calls: no method of a list can have any.
    page.route("**/choice/", lambda route: page.way.append(route))  # noqa: PLW0108
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def elsewhere(page):
    return page.get_by_role("button", name="Another time on the grid")


def cell(page):
    return page.locator(".slot-grid button").last


def press_elsewhere(page):
    elsewhere(page).click()
    wait_for(lambda: page.way or page.wait_for_timeout(10), what="the way there")
    page.asked.clear()


def test_until_the_other_page_is_there_nothing_takes_a_press(asking):
    press_elsewhere(asking)
    box = cell(asking).bounding_box()
    asking.mouse.click(box["x"] + 5, box["y"] + 5)
    asking.keyboard.press("t")
    assert asking.asked == []
    asking.way[0].continue_()
    cell(asking).click()
    expect(asking.locator("#lead-chosen")).to_contain_text("Anna Muster")


def test_a_way_that_fails_leaves_all_as_it_was(asking):
    asking.expected = "sendError|ERR_CONNECTION_RESET"
    press_elsewhere(asking)
    asking.way[0].abort("connectionreset")
    expect(elsewhere(asking)).to_be_focused()
    cell(asking).click()
    expect(asking.locator("#booking-form")).to_be_visible()
