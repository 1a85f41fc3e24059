"""Connect away, or a token taken away: the desk says so and goes on by itself."""

import json

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import BOOKED, NOT_REACHED, shows
from tests.journeys.people import known_leads

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Old soon, so that a failure shows soon.
SETTINGS = {"AVAILABILITY_SOFT_AGE": "1"}


@pytest.fixture
def connect(calm):
    """The sandbox, running with good tokens again whatever a test did to it."""
    yield calm.sandbox
    calm.sandbox.ensure_running()
    for label in ("read", "write", "admin"):
        calm.sandbox.restore(label, calm.organisations[0])


def test_connect_is_down_and_comes_back(open_screen, calm, connect):
    place = calm.places.free()
    screen = open_screen()
    screen.allowed.append(NOT_REACHED)
    screen.page.clock.install()
    page = screen.sign_in(to=place.week())
    cell = page.locator(f'.slot-grid [value="{place.ref}"]')
    expect(cell).to_be_visible()
    connect.kill()
    notice = page.locator("#grid .notice")
    # Nobody presses anything: the page looks for changes every 15 seconds by itself.
    calm.wait_for(lambda: page.clock.fast_forward(15_000) or notice.count(), what="the notice")
    expect(notice).to_contain_text("Below is the last known availability")
    expect(notice).to_contain_text("The desk tries again by itself.")
    expect(page.locator("#grid .age[data-stale]")).to_be_visible()
    expect(cell).to_be_visible()
    page.reload()
    expect(notice).to_contain_text("Below is the last known availability")
    expect(cell).to_be_visible()
    connect.start()
    calm.wait_for(
        lambda: page.clock.fast_forward(15_000) or not notice.count(), what="a fresh grid"
    )
    expect(page.locator("#grid .age[data-stale]")).to_have_count(0)
    expect(cell).to_be_visible()


def test_a_revoked_token_pauses_and_a_good_one_resumes(open_screen, calm, connect):
    place = calm.places.free()
    lead = known_leads(calm, place)[0]
    organisation = calm.organisations[0]
    screen = open_screen()
    page = screen.sign_in(to=place.week())
    expect(page.locator(f'.slot-grid [value="{place.ref}"]')).to_be_visible()
    connect.forget_calls()
    for label in ("write", "admin"):
        connect.revoke(label, organisation)
    page.locator(f'.slot-grid [value="{place.ref}"]').click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(lead.letters)
    page.keyboard.press("Enter")
    section = page.locator("#booking-status")
    expect(section).to_contain_text("token")
    banner = page.locator(".banner")
    # What the header says may be a few seconds old.
    calm.wait_for(lambda: page.reload() and banner.count(), what="the banner")
    expect(banner).to_contain_text("Writes are paused.")
    expect(banner).to_contain_text("Nothing is lost")
    assert lead.connect_id not in {row["leadId"] for row in connect.bookings("connect")}
    secret = connect.mint(organisation, "fresh", "write")
    token = {"secret": secret, "label": "fresh"}
    told = {"name": organisation, "connect_url": connect.url, "tokens": [token]}
    calm.manage("provision", "-", given=json.dumps({"organisations": [told]}))
    shows(page, BOOKED)
    made = [row for row in connect.bookings("connect") if row["leadId"] == lead.connect_id]
    assert len(made) == 1
    calm.wait_for(lambda: page.reload() and not banner.count(), what="the banner to go")
