"""What happens after Enter: reloads, other tabs, and the one place where trouble waits."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import BOOKED, shows
from tests.journeys.people import known_leads

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ELSEWHERE = {"username": "stranger", "password": "quiet-harbour-2291", "email": "s@example.org"}
NOT_FOUND = r"Failed to load resource: the server responded with a status of 404"


def ask(screen, place, lead):
    page = screen.sign_in(to=place.week())
    screen.desk.sandbox.forget_calls()
    page.locator(f'.slot-grid [value="{place.ref}"]').click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/bookings/[0-9a-f-]{36}/"))
    return page


def address(page):
    return re.sub(r"^https?://[^/]+", "", page.url)


def stranger(desk):
    """Somebody whose only role is in the other organisation."""
    told = desk.template.world["organisations"][1]
    person = {**ELSEWHERE, "roles": {told["name"]: "admin"}}
    desk.manage("provision", "-", given=json.dumps({"organisations": [], "people": [person]}))
    return desk.visitor().sign_in(ELSEWHERE["username"], ELSEWHERE["password"])


def test_a_status_survives_reloads_and_shows_in_another_tab(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("latency", times=1, match={"method": "POST"}, ms=2500)
    screen = open_screen()
    page = ask(screen, place, lead)
    page.reload()
    expect(page.locator("#booking-status h2")).not_to_have_text(BOOKED)
    other = screen.tab(address(page))
    listing = screen.tab(f"/o/{place.slug}/bookings/")
    for tab in (page, other):
        section = shows(tab, BOOKED)
        expect(section).to_contain_text(lead.name)
    row = listing.get_by_role("row", name=re.compile(re.escape(lead.name)))
    expect(row).to_contain_text(BOOKED)
    assert listing.title().startswith("Bookings · ")
    assert lead.name in page.title()
    page.reload()
    shows(page, BOOKED)
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    assert len(calm.sandbox.calls("POST")) == 1
    session = stranger(calm)
    for path in (address(page), f"/o/{place.slug}/bookings/", place.week()):
        assert session.get(path).status_code == 404
        assert session.part(path).status_code == 404


def test_needs_you_shows_the_evidence_and_is_settled_once(open_screen, calm):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    calm.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    screen = open_screen()
    page = ask(screen, place, lead)
    booking = address(page)
    count = page.locator("#needs-you-count")
    expect(count).to_have_attribute("data-count", "1")
    expect(page.get_by_role("link", name=re.compile(r"Needs you.*1 open item"))).to_be_visible()
    session = stranger(calm)
    assert lead.name not in session.get("/needs-you/").text
    page.get_by_role("link", name=re.compile("Open “Needs you”")).click()
    assert page.title().startswith("Needs you · ")
    card = page.locator("article.trouble")
    expect(card).to_contain_text(lead.name)
    expect(card.locator(".trouble__facts")).to_contain_text("Of these known to this desk")
    card.get_by_role("button", name="It is there").click()
    expect(page.locator(".trouble--noted")).to_be_focused()
    expect(page.locator("#needs-you-count")).to_have_attribute("data-count", "0")
    page.goto(calm.url + booking)
    shows(page, BOOKED)
    assert len(calm.sandbox.calls("POST")) == 1
    made = [row for row in calm.sandbox.bookings("connect") if row["leadId"] == lead.connect_id]
    assert len(made) == 1
    assert screen.noted("lost") == []
