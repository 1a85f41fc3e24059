"""The main job by keyboard alone, from the sign-in on; the focus is never dropped on the way."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import ASKS, BOOKED, shows
from tests.journeys.people import known_leads

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def sign_in_by_keys(screen, address):
    page = screen.goto(f"/sign-in/?next={address}")
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type("staff")
    page.keyboard.press("Tab")
    page.keyboard.type(screen.desk.password("staff"))
    page.keyboard.press("Enter")
    expect(page.locator("main#main")).to_be_visible()
    return page


def tab_to(page, selector, most=40):
    """Tab until ``selector`` has the focus; the keys it took."""
    for keys in range(1, most):
        page.keyboard.press("Tab")
        if page.evaluate("s => Boolean(document.activeElement.closest(s))", selector):
            return keys
    raise AssertionError(f"{most} Tabs do not reach {selector}")


def on_cell(page, place):
    """The focus on the cell of the place, by arrows from the one that Tab reaches."""
    tab_to(page, ".slot-grid")
    wanted = f'[value="{place.ref}"]'
    for key, limit in (("Control+Home", 1), ("ArrowRight", 7), ("ArrowDown", 60)):
        for _ in range(limit):
            where = page.evaluate(
                """wanted => {
                  const [here, there] = [document.activeElement, document.querySelector(wanted)]
                    .map((element) => element.closest("td"));
                  return [there.cellIndex - here.cellIndex,
                    there.parentElement.rowIndex - here.parentElement.rowIndex];
                }""",
                wanted,
            )
            if (key == "ArrowRight" and not where[0]) or (key == "ArrowDown" and not where[1]):
                break
            page.keyboard.press(key)
    expect(page.locator(wanted)).to_be_focused()


def grid_by_keys(screen, place):
    page = sign_in_by_keys(screen, place.week().replace("&", "%26"))
    expect(page.locator(".slot-grid[data-ready]")).to_be_visible()
    on_cell(page, place)
    screen.forget()
    screen.desk.sandbox.forget_calls()
    return page


def test_from_the_sign_in_to_the_first_free_slot(open_screen, calm):
    screen = open_screen()
    page = sign_in_by_keys(screen, "/")
    tab_to(page, "main a")
    page.keyboard.press("Enter")
    expect(page.locator(".slot-grid[data-ready]")).to_be_visible()
    page.keyboard.press("w")
    expect(page.locator('.slot-grid[data-view="week"]')).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#lead-q")).to_be_focused()
    assert "click" not in screen.presses
    assert screen.noted("lost") == []


def test_six_keys_from_the_grid_book_a_known_lead(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    screen = open_screen()
    page = grid_by_keys(screen, place)
    page.keyboard.press("Enter")
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")
    shows(page, BOOKED)
    expect(page.locator("#booking-status")).to_be_focused()
    assert screen.presses == ["Enter", *lead.letters, "Enter"]
    assert screen.noted("lost") == []
    assert len([b for b in calm.sandbox.bookings("connect") if b["leadId"] == lead.connect_id]) == 1


def test_a_new_lead_by_keyboard(open_screen, calm):
    place = calm.places.free()
    screen = open_screen()
    page = grid_by_keys(screen, place)
    page.keyboard.press("Enter")
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type("Qvist Tastatur")
    page.keyboard.press("Enter")
    expect(page.locator("#lead-phone")).to_be_focused()
    page.keyboard.type("0170 5550142")
    page.keyboard.press("Enter")
    section = shows(page, BOOKED)
    expect(section).to_contain_text("Qvist Tastatur")
    expect(section).to_be_focused()
    assert "click" not in screen.presses
    assert screen.noted("lost") == []
    paths = [call["path"] for call in calm.sandbox.calls("POST")]
    assert paths == ["/connect/table_entries/", "/connect/calendar_bookings/"]


def test_taken_in_between_by_keyboard(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("steal_slot", times=1, match={"method": "POST"})
    screen = open_screen()
    page = grid_by_keys(screen, place)
    page.keyboard.press("Enter")
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")
    shows(page, ASKS)
    page.keyboard.press("1")
    expect(shows(page, BOOKED)).to_be_focused()
    assert screen.presses == ["Enter", *lead.letters, "Enter", "1"]
    assert screen.noted("lost") == []
    assert len([b for b in calm.sandbox.bookings("connect") if b["leadId"] == lead.connect_id]) == 1
