"""The grid in a real browser: keys, presses, polls, zones, narrow screens."""

import re

import pytest
from playwright.sync_api import expect

from bookingapp.domain import gateway
from bookingapp.web.presenters import grid_cache
from tests.web.availability_world import Connect, World, ref

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, organisation, monkeypatch):
    double = Connect()
    monkeypatch.setattr(gateway, "send", double.send)
    grid_cache.clear()
    made = World(organisation, double)
    for hour in (9, 10, 11):
        for day in range(5):
            made.offer(hour, days=day, capacity=3)
            made.offer(hour, made.jana, days=day, booked=1)
    return made


@pytest.fixture
def open_page(open_as, world, person):
    def open_at(url, **options):
        page = open_as(person("staff"), **options)
        page.goto(page.home + url)
        return page

    return open_at


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label') || ''")


def test_grid_is_one_tab_stop_and_its_keys_move_in_it(open_page, world):
    page = open_page(world.url())
    expect(page.locator(".slot-grid[data-ready]")).to_be_visible()
    assert page.locator('.slot-grid [tabindex="0"]').count() == 1
    page.locator('.slot-grid [tabindex="0"]').focus()
    moves = {
        "ArrowDown": "Monday.* 10:00",
        "ArrowRight": "Tuesday.* 10:00",
        "End": "Sunday.* 10:00, not offered",
        "Home": "Monday.* 10:00",
        "Control+End": "Sunday.* 11:00",
        "Control+Home": "Monday.* 09:00",
        "ArrowUp": "Monday.* 09:00",
        "ArrowLeft": "Monday.* 09:00",
    }
    for key, where in moves.items():
        page.keyboard.press(key)
        assert re.match(where, focused(page)), key
    assert page.locator('.slot-grid [tabindex="0"]').count() == 1


def test_page_keys_change_the_days_and_keep_the_place(open_page, world):
    page = open_page(world.url(view="day"))
    page.get_by_role("button", name=re.compile("10:00, Anna")).focus()
    before = page.locator("h2.availability__title").inner_text()
    page.keyboard.press("PageDown")
    expect(page.locator("h2.availability__title")).not_to_have_text(before)
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("10:00, Anna"))
    assert focused(page).startswith("Tuesday")
    page.keyboard.press("w")
    expect(page.locator(".slot-grid")).to_have_attribute("data-view", "week")


def test_enter_on_a_closed_cell_says_why_and_back_undoes_it(open_page, world):
    page = open_page(world.url(view="day", resource=""))
    cell = page.locator('td[data-state="full"]').first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Full: 1 of 1 seats are taken.")
    expect(cell).to_have_attribute("aria-selected", "true")
    assert "slot=" in page.url
    assert "09:00" in focused(page)
    page.go_back()
    expect(page.locator("#panel")).to_contain_text("Choose a free time")
    expect(page.locator("header.header")).to_be_visible()


def test_pressed_cell_is_marked_before_the_server_answers(open_page, world):
    page = open_page(world.url())
    page.route("**/availability/?*", lambda route: None)
    page.get_by_role("button", name=re.compile("Monday.* 09:00")).click(no_wait_after=True)
    expect(page.locator('td[aria-selected="true"] button')).to_contain_text("3 free")
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")


def test_changed_grid_keeps_the_focus_and_is_read_out(open_page, world, settings):
    page = open_page(world.url())
    taken = next(one for one in world.connect.slots if one.resource_id == "anna")
    button = page.locator(f'[value="{ref(taken)}"]')
    button.focus()
    settings.AVAILABILITY_SOFT_AGE = 0
    world.connect.slots.remove(taken)
    world.offer(9, capacity=3, booked=3)
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:refresh-grid'))")
    expect(page.locator(f'[data-slot="{ref(taken)}"]')).to_be_focused()
    expect(page.locator("#live-polite")).to_contain_text("full")


def test_choice_survives_a_new_grid(open_page, world, settings):
    page = open_page(world.url(view="day"))
    cell = page.locator('td[data-state="full"]').first
    cell.click()
    expect(page.locator("#panel")).to_contain_text("Full")
    settings.AVAILABILITY_SOFT_AGE = 0
    world.offer(15)
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:refresh-grid'))")
    expect(page.get_by_role("rowheader", name="15:00")).to_be_visible()
    expect(page.locator('td[aria-selected="true"]')).to_have_attribute("data-state", "full")


def test_new_grid_stays_scrolled_where_the_old_one_was(open_page, world, settings):
    page = open_page(world.url(), viewport={"width": 390, "height": 700})
    page.evaluate("document.querySelector('.slot-scroll').scrollLeft = 150")
    settings.AVAILABILITY_SOFT_AGE = 0
    world.offer(15)
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:refresh-grid'))")
    expect(page.get_by_role("rowheader", name="15:00")).to_be_visible()
    assert page.evaluate("document.querySelector('.slot-scroll').scrollLeft") == 150


def test_search_leads_to_the_free_cell(open_page, world):
    page = open_page(world.url(date="2026-01-01"))
    expect(page.locator("#bar-next-free")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".slot-grid button").first).to_be_focused()


def test_filter_change_sends_itself(open_page, world):
    page = open_page(world.url())
    page.locator("#filter-resource").focus()
    page.select_option("#filter-resource", label="Jana")
    expect(page.locator('td[data-state="full"]').first).to_be_visible()
    assert f"resource={world.jana.pk}" in page.url
    expect(page.locator("#filter-resource")).to_be_focused()


def test_other_clock_of_the_reader_is_named(open_page, world):
    page = open_page(world.url(), timezone_id="Asia/Kathmandu")
    expect(page.locator("[data-own]")).to_contain_text(re.compile("Asia/Kath?mandu"))
    same = open_page(world.url(), timezone_id="Europe/Paris")
    expect(same.locator("[data-zone]")).to_contain_text("Times are Europe/Berlin.")
    expect(same.locator("[data-own]")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("view", ["day", "week"])
def test_narrow_page_never_scrolls_sideways(open_page, world, width, view):
    page = open_page(world.url(view=view), viewport={"width": width, "height": 700})
    expect(page.locator(".slot-grid")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_everything_is_a_form(open_page, world):
    page = open_page(world.url(view="day"), java_script_enabled=False)
    page.select_option("#filter-resource", label="Jana")
    page.get_by_role("button", name="Show").click()
    assert f"resource={world.jana.pk}" in page.url
    expect(page.locator("td[data-state]")).to_have_count(3)
    page.get_by_role("link", name="Next day", exact=True).click()
    expect(page.locator("h2.availability__title")).to_contain_text("Tuesday")
