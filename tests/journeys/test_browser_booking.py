"""The main job in a real browser: find a slot, book, be told the truth about it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import ASKS, BOOKED, REFUSED, shows
from tests.journeys.people import known_leads
from tests.journeys.place import find_place

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def open_grid(screen, place):
    page = screen.sign_in(to=place.week())
    expect(cell(page, place)).to_be_visible()
    screen.forget()
    screen.desk.sandbox.forget_calls()
    return page


def ask(page, place, lead):
    cell(page, place).click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")


def posts(desk):
    return [call["path"] for call in desk.sandbox.calls("POST")]


def bookings_of(desk, lead):
    return [row for row in desk.sandbox.bookings("connect") if row["leadId"] == lead]


def cell(page, place):
    return page.locator(f'.slot-grid [value="{place.ref}"]')


def judged_well(desk, lead):
    """Nothing overbooked, and this lead not doubled (another test doubles one on purpose)."""
    verdict = desk.sandbox.judge()
    assert verdict["overbooked"] == []
    assert lead.connect_id not in {one["leadId"] for one in verdict["duplicates"]}


def test_finding_the_first_free_slot(open_screen, calm):
    page = open_screen().sign_in()
    page.get_by_role("link", name=re.compile(calm.organisations[0])).click()
    # The field is there before anything listens to it.
    page.wait_for_url("**/availability/")
    page.select_option("#filter-calendar", index=1)
    expect(page).to_have_url(re.compile("calendar="))
    page.select_option("#filter-type", index=0)
    page.locator("#bar-week").click()
    expect(page.locator('.slot-grid[data-view="week"]')).to_be_visible()
    page.locator("#bar-first").click()
    expect(page).to_have_url(re.compile("slot="))
    expect(page.locator("#lead-q")).to_be_focused()
    expect(page.locator('.slot-grid [aria-selected="true"]')).to_have_attribute(
        "data-state", re.compile("free|last")
    )
    assert page.title().startswith("Availability · ")


def test_one_click_four_letters_and_enter(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    screen = open_screen()
    page = open_grid(screen, place)
    ask(page, place, lead)
    section = shows(page, BOOKED)
    assert screen.presses == ["click", *lead.letters, "Enter"]
    expect(section).to_contain_text(lead.name)
    made = bookings_of(calm, lead.connect_id)
    assert [(row["resourceId"], row["startDateTime"][:16]) for row in made] == [
        (place.slot["resourceId"], place.slot["startDateTime"][:16])
    ]
    assert posts(calm) == ["/connect/calendar_bookings/"]
    assert {call["method"] for call in calm.sandbox.calls()} <= {"POST", "GET"}
    judged_well(calm, lead)


def test_a_new_lead_in_place(open_screen, calm):
    place = calm.places.free()
    page = open_grid(open_screen(), place)
    cell(page, place).click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type("Änne Neuhaus-Çelik")
    expect(page.locator("#lead-hit-new")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#lead-name")).to_have_value("Änne Neuhaus-Çelik")
    expect(page.locator("#lead-phone")).to_be_focused()
    page.keyboard.type("0170 5550199")
    pool = page.locator("#lead-pool option:not([disabled])").last.get_attribute("value")
    page.select_option("#lead-pool", pool)
    page.get_by_role("button", name="Book", exact=False).last.click()
    section = shows(page, BOOKED)
    expect(section).to_contain_text("Änne Neuhaus-Çelik")
    assert posts(calm) == ["/connect/table_entries/", "/connect/calendar_bookings/"]
    new = [lead for lead in calm.sandbox.leads() if "Neuhaus" in str(lead["data"])]
    assert len(new) == len(bookings_of(calm, new[0]["id"])) == 1
    chosen = calm.sql("SELECT connect_id FROM domain_leadpool WHERE id = %s", int(pool))
    assert new[0]["tableId"] == chosen[0]["connect_id"]


def test_taken_in_between_and_another_time_by_its_key(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("steal_slot", times=1, match={"method": "POST"})
    page = open_grid(open_screen(), place)
    cell(page, place).click()
    page.locator("#booking-label").fill("comes with her mother")
    page.locator("#lead-q").focus()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")
    section = shows(page, ASKS)
    # The grid beside it came along in the same answer, and knows that the slot is gone.
    expect(cell(page, place)).to_have_count(0)
    expect(page.locator(f'.slot-grid [data-slot="{place.ref}"]')).to_be_visible()
    expect(section).to_contain_text(lead.name)
    second = section.locator('[data-key="2"]')
    at, whose = second.get_attribute("value").rsplit("-", 1)
    page.keyboard.press("2")
    shows(page, BOOKED)
    made = bookings_of(calm, lead.connect_id)
    known = calm.sql("SELECT connect_id FROM domain_resource WHERE id = %s", int(whose))
    assert [row["resourceId"] for row in made] == [known[0]["connect_id"]]
    assert re.sub(r"\D", "", made[0]["startDateTime"])[:12] == re.sub(r"\D", "", at)[:12]
    assert made[0]["name"] == "comes with her mother"
    judged_well(calm, lead)
    assert posts(calm) == ["/connect/calendar_bookings/"] * 2


def test_another_time_on_the_grid_keeps_lead_and_label(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("steal_slot", times=1, match={"method": "POST"})
    page = open_grid(open_screen(), place)
    cell(page, place).click()
    page.locator("#booking-label").fill("comes with her mother")
    page.locator("#lead-q").fill(lead.letters)
    page.keyboard.press("Enter")
    shows(page, ASKS)
    page.get_by_role("button", name="Another time on the grid").click()
    page.locator(".slot-grid button").last.click()
    expect(page.locator("#lead-chosen")).to_contain_text(lead.name)
    expect(page.locator("#booking-label")).to_have_value("comes with her mother")
    page.locator("#booking-label").press("Enter")
    shows(page, BOOKED)
    assert posts(calm) == ["/connect/calendar_bookings/"] * 2
    assert [row["name"] for row in bookings_of(calm, lead.connect_id)] == ["comes with her mother"]
    # The question about the first time is answered by the second one.
    expect(page.locator("#needs-you-count")).to_have_attribute("data-count", "0")


def test_the_same_lead_twice_at_one_time_is_asked_back(open_screen, calm):
    place = find_place(calm, lambda capacity, booked: capacity - booked > 1)
    lead = known_leads(calm, place)[0]
    screen = open_screen()
    screen.allowed.append(REFUSED)
    page = open_grid(screen, place)
    ask(page, place, lead)
    shows(page, BOOKED)
    screen.goto(place.week())
    ask(page, place, lead)
    alert = page.locator("#panel [role=alert]")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text(lead.name)
    expect(page.locator("#lead-chosen")).to_contain_text(lead.name)
    assert len(posts(calm)) == 1
    page.get_by_role("button", name="Book a second one").click()
    shows(page, BOOKED)
    assert len(posts(calm)) == len(bookings_of(calm, lead.connect_id)) == 2
