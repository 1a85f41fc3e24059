"""Somebody is ill: their day is rescued from one page, by keys, and by buttons without a script."""

import pytest
from playwright.sync_api import expect

from tests.journeys.place import undo_window
from tests.support.fill import fill_desk

pytestmark = [pytest.mark.processes, pytest.mark.browser]


@pytest.fixture
def filled(calm):
    # Long enough for a slow machine to press "Stop" within it.
    undo_window(calm, "staff", 60)
    # What an earlier test of this desk left is no longer known to it.
    calm.sql("UPDATE domain_booking SET gone_at = booked_at, gone_as = 'cancelled'")
    return fill_desk(calm, 4)


def begin(screen, filled):
    """The page of a new rescue, on the row in front of the first."""
    query = f"calendar={filled['calendar']}&resource={filled['resource']}&date={filled['from_day']}"
    page = screen.sign_in(to=f"/o/{filled['slug']}/rescues/new/?{query}")
    page.get_by_role("button", name="List the appointments").press("Enter")
    expect(page.locator("[data-rescue-row]")).to_have_count(4)
    # A new page listens to keys once its scripts are there.
    page.wait_for_load_state()
    return page


def answered(page, number, text):
    row = page.locator("[data-rescue-row]").nth(number)
    expect(row.locator('[aria-pressed="true"]')).to_contain_text(text)


def test_a_day_is_rescued_by_keys_alone(open_screen, calm, filled):
    screen = open_screen()
    page = begin(screen, filled)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    answered(page, 0, "Agreed")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("3")
    answered(page, 1, "Declined")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    third = page.locator("[data-rescue-row]").nth(2)
    wanted = third.locator('.rescue-choice[data-key="1"] strong')
    expect(wanted).to_be_visible()
    hours = wanted.inner_text()
    page.keyboard.press("1")
    expect(third.locator("[data-rescue-choices]")).to_have_count(0)
    expect(third.locator(".rescue-row__new strong")).to_have_text(hours)
    expect(third).to_be_focused()
    page.keyboard.press("1")
    answered(page, 2, "Agreed")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    answered(page, 3, "Not reached")
    assert screen.noted("lost") == []
    page.reload()
    answered(page, 0, "Agreed")
    answered(page, 3, "Not reached")
    page.keyboard.press("m")
    expect(page.locator("#rescue-progress-text")).to_contain_text("2 of 4 moved")
    expect(page.locator("[data-rescue-row]").nth(0)).to_contain_text("Moved")
    assert calm.sandbox.judge() == {"overbooked": [], "duplicates": []}
    undo_a_cancel(page, calm)


def undo_a_cancel(page, desk):
    """Who declined is cancelled with a reason, and it is stopped before anything was sent."""
    before = len(desk.sandbox.calls("DELETE"))
    page.locator("[data-rescue-row]").nth(1).locator("input[name=row]").press("Space")
    page.get_by_role("button", name="Cancel those ticked").press("Enter")
    page.get_by_label("We cannot make it").press("Space")
    page.get_by_role("button", name="Cancel 1 appointment").press("Enter")
    row = page.locator("[data-rescue-row]").nth(1)
    expect(row).to_contain_text("About to be cancelled")
    page.keyboard.press("s")
    expect(row).to_contain_text("Stopped, nothing was sent")
    assert len(desk.sandbox.calls("DELETE")) == before


def test_a_note_survives_the_answers_of_a_colleague(open_screen, calm, filled):
    mine, theirs = open_screen(), open_screen()
    page = begin(mine, filled)
    other = theirs.sign_in("manager", to=page.url.removeprefix(calm.url))
    note = page.locator("[data-rescue-row]").nth(0).locator("input[name=note]")
    note.press_sequentially("half a sentence")
    other.locator("[data-rescue-row]").nth(1).get_by_role("button", name="Declined").click()
    answered(page, 1, "Declined")
    expect(note).to_be_focused()
    expect(note).to_have_value("half a sentence")
    note.press("Tab")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(note).to_have_value("half a sentence")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_works_without_a_script_and_on_a_phone(open_screen, calm, filled, width):
    screen = open_screen(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = begin(screen, filled)
    page.locator("[data-rescue-row]").nth(0).get_by_role("button", name="Agreed").click()
    answered(page, 0, "Agreed")
    page.get_by_role("button", name="Move 1 agreed").click()
    expect(page.get_by_text("1 move asked for.")).to_be_visible()
    # The page asks again by itself while something is on its way.
    expect(page.locator("#rescue-progress-text")).to_contain_text("1 of 4 moved")
    page.get_by_role("link", name="Call sheet").click()
    expect(page.get_by_role("row")).to_have_count(4)
