"""The same with JavaScript off: forms, links and a page that looks again by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import ASKS, BOOKED
from tests.journeys.people import known_leads

pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.fixture
def plain(open_screen):
    return open_screen(java_script_enabled=False)


def status(page, title):
    expect(page.locator("#booking-status h2")).to_have_text(title)


def panel_of(screen, place):
    page = screen.sign_in(to=place.week())
    page.locator(f'.slot-grid [value="{place.ref}"]').click()
    expect(page.locator("#lead-q")).to_be_visible()
    screen.desk.sandbox.forget_calls()
    return page


def find(page, lead):
    page.locator("#lead-q").fill(lead.letters)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("radio", name=re.compile(re.escape(lead.name))).first.check()


def book(page):
    page.locator(".booking__submit").click()
    expect(page).to_have_url(re.compile(r"/bookings/[0-9a-f-]{36}/"))


def made_for(desk, lead):
    return [row for row in desk.sandbox.bookings("connect") if row["leadId"] == lead.connect_id]


def test_find_choose_and_book(plain, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    # Slow enough that the page is seen before the answer: it looks again by itself.
    calm.sandbox.fault("latency", times=1, match={"method": "POST"}, ms=1500)
    page = panel_of(plain, place)
    find(page, lead)
    book(page)
    status(page, BOOKED)
    assert len(made_for(calm, lead)) == len(calm.sandbox.calls("POST")) == 1
    page.goto(f"{calm.url}/o/{place.slug}/bookings/")
    expect(page.get_by_role("row", name=re.compile(re.escape(lead.name))).first).to_contain_text(
        BOOKED
    )


def test_a_new_lead(plain, calm):
    page = panel_of(plain, calm.places.free())
    page.locator("#lead-new > summary").click()
    page.get_by_role("radio", name="New lead, as filled in below").check()
    page.locator("#lead-name").fill("Ohne Skript")
    page.locator("#lead-phone").fill("0170 5550177")
    book(page)
    status(page, BOOKED)
    paths = [call["path"] for call in calm.sandbox.calls("POST")]
    assert paths == ["/connect/table_entries/", "/connect/calendar_bookings/"]


def test_taken_in_between(plain, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("steal_slot", times=1, match={"method": "POST"})
    page = panel_of(plain, place)
    find(page, lead)
    book(page)
    status(page, ASKS)
    page.locator("[data-choices] button[data-key]").nth(1).click()
    status(page, BOOKED)
    assert len(made_for(calm, lead)) == 1


def test_needs_you_is_settled_by_plain_buttons(plain, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    page = panel_of(plain, place)
    find(page, lead)
    book(page)
    expect(page.locator("#needs-you-count")).to_have_attribute("data-count", "1")
    page.goto(f"{calm.url}/needs-you/")
    card = page.locator("article.trouble")
    expect(card).to_contain_text(lead.name)
    expect(card).to_contain_text("Of these known to this desk")
    card.get_by_role("button", name="It is there").click()
    expect(page.locator("article.trouble")).to_have_count(0)
    assert len(made_for(calm, lead)) == len(calm.sandbox.calls("POST")) == 1
