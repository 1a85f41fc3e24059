"""Every screen of the main job: no barrier axe can find, no page that scrolls sideways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.browser import ASKS, BOOKED, shows
from tests.journeys.people import known_leads

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Only the colours differ in the dark.
RULES = {
    "light": {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
# A colour on its way to another one says nothing.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one instanceof CSSTransition).map((one) => one.finished))"""
WIDTHS = (1440, 390, 320)


class Looker:
    """Looks at a screen in light and dark, and at three widths; collects what is wrong."""

    def __init__(self, page):
        self.page, self.axe, self.wrong = page, Axe(), []

    def at(self, name, part=None):
        """``part`` is a selector: the rest of the page was looked at before."""
        for scheme, rules in RULES.items():
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.evaluate(AT_REST)
            found = self.axe.run(self.page, context=part, options=rules).response["violations"]
            self.wrong += [
                (name, scheme, rule["id"], node["html"][:160], node["failureSummary"][:240])
                for rule in found
                for node in rule["nodes"][:3]
            ]
        for width in WIDTHS[1:]:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.wrong.append((name, "is too wide", width, wide))
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        assert re.search(r"\S · \S|, \S", self.page.title()), self.page.title()


def test_no_barriers_and_no_sideways_scrolling(open_screen, calm):
    place, other = calm.places.free(), calm.places.free()
    leads = known_leads(calm, place, 2)
    screen = open_screen()
    look = Looker(screen.page)
    screen.goto("/sign-in/")
    look.at("sign-in")
    page = screen.sign_in(to="/")
    look.at("home")
    screen.goto(place.week())
    cell = page.locator(f'.slot-grid [value="{place.ref}"]')
    expect(cell).to_be_visible()
    look.at("week")
    page.locator("td[data-state=past], td[data-state=full], td[data-state=blocked]").first.click()
    expect(page.locator("#panel")).not_to_contain_text("Choose a free time")
    look.at("why it is closed", "#panel")
    page.locator("#bar-day").click()
    expect(page.locator('.slot-grid[data-view="day"]')).to_be_visible()
    look.at("day")
    screen.goto(place.week())
    cell.click()
    expect(page.locator("#lead-q")).to_be_focused()
    look.at("panel", "#panel")
    page.keyboard.type("Nobody Of This Name")
    expect(page.locator("#lead-hit-new")).to_have_attribute("aria-selected", "true")
    look.at("no hits", "#panel")
    page.keyboard.press("Enter")
    expect(page.locator("#lead-phone")).to_be_focused()
    look.at("new lead", "#panel")
    screen.goto(place.week())
    cell.click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(leads[0].letters)
    expect(page.locator("#lead-list")).to_be_visible()
    look.at("hits", "#panel")
    calm.sandbox.fault("latency", times=1, match={"method": "POST"}, ms=1500)
    calm.sandbox.fault("steal_slot", times=1, match={"method": "POST"})
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_be_visible()
    look.at("on its way", "#panel")
    shows(page, ASKS)
    look.at("asking", "#panel")
    page.keyboard.press("1")
    shows(page, BOOKED)
    look.at("booked", "#panel")
    page.reload()
    look.at("page of a booking")
    calm.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    screen.goto(other.week())
    page.locator(f'.slot-grid [value="{other.ref}"]').click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type(leads[1].letters)
    page.keyboard.press("Enter")
    expect(page.locator("#needs-you-count")).to_have_attribute("data-count", "1")
    look.at("stuck", "#panel")
    screen.goto("/needs-you/")
    look.at("needs you")
    screen.goto(f"/o/{place.slug}/bookings/")
    look.at("my bookings")
    assert look.wrong == [], "\n".join(map(str, look.wrong))
