"""Moving a booking in a real browser, in three actions from its page: by mouse, by keys, without a
script, and with two tabs that want it at once.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import REFUSED, shows
from tests.journeys.people import known_leads, one_seat
from tests.journeys.place import STAMP, offered

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MOVED = "Moved"
HERE = ".slot-grid td[data-here]"
FREE = '.slot-grid td:is([data-state="free"], [data-state="last"]) button'
ARROWS = {"ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"}


@dataclass
class Booked:
    """A booking that Connect has confirmed; ``address`` is its page."""

    lead: object
    place: object
    pk: str

    @property
    def address(self):
        return f"{self.place.address}{self.pk}/"

    def at_connect(self, desk):
        known = self.lead.connect_id
        return [row for row in desk.sandbox.bookings("connect") if row["leadId"] == known]


@pytest.fixture
def booked(calm):
    return book(calm, calm.places.free())


def book(desk, place):
    lead = known_leads(desk, place)[0]
    session = desk.sign_in("staff")
    assert session.post(place.address, data=place.fields(lead.pk)).status_code == 302
    known = "SELECT id FROM domain_booking WHERE lead_id = %s"
    made = desk.wait_for(
        lambda: desk.sql(known, lead.pk.replace("-", "")), what="the booking to move"
    )
    desk.sandbox.forget_calls()
    return Booked(lead, place, str(uuid.UUID(str(made[0]["id"]))))


def open_page(screen, booked):
    page = screen.sign_in(to=booked.address)
    expect(page.locator("#act-move")).to_be_visible()
    screen.forget()
    return page


def open_grid(screen, booked):
    """The grid in moving mode, come to by its own address."""
    page = screen.sign_in(to=f"{booked.address}move/")
    expect(page.locator(HERE)).to_be_visible()
    return page


def is_at(desk, booked, ref):
    """The lead has exactly one booking at Connect, at the time of ``ref``."""
    starts = [re.sub(r"\D", "", row["startDateTime"])[:12] for row in booked.at_connect(desk)]
    assert starts == [re.sub(r"\D", "", ref.split("-")[0])[:12]]
    assert desk.sandbox.judge()["overbooked"] == []


def methods(desk):
    return [call["method"] for call in desk.sandbox.calls() if call["method"] != "GET"]


def test_three_clicks_from_its_page(open_screen, calm, booked):
    screen = open_screen()
    page = open_page(screen, booked)
    page.get_by_role("link", name="Move").click()
    expect(page.locator(HERE)).to_contain_text("now here")
    expect(page.locator("[data-moving]")).to_contain_text(f"Moving {booked.lead.name}")
    cell = page.locator(FREE).last
    ref = cell.get_attribute("value")
    cell.click()
    button = page.get_by_role("button", name="Move here")
    expect(button).to_be_focused()
    expect(page.locator("#panel")).to_contain_text(
        "Fires 2 automation events now and 2 at the appointment; 2 scheduled ones are dropped."
    )
    button.click()
    section = shows(page, MOVED)
    assert screen.presses == ["click"] * 3
    expect(section).to_contain_text(booked.lead.name)
    expect(page.locator("[data-moving]")).to_have_count(0)
    expect(page.locator(HERE)).to_have_count(0)
    expect(page).to_have_url(re.compile("/bookings/"))
    is_at(calm, booked, ref)
    assert methods(calm) == ["POST", "DELETE"]
    page.get_by_role("link", name="Back to the day").click()
    expect(page.locator('.slot-grid[data-view="day"]')).to_be_visible()


def test_three_keys_to_the_first_free_time(open_screen, calm, booked):
    screen = open_screen()
    page = open_page(screen, booked)
    page.keyboard.press("r")
    expect(page.locator(f"{HERE}:focus")).to_have_count(1)
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Move here")).to_be_focused()
    ref = page.locator(".slot-grid [aria-selected] button").get_attribute("value")
    page.keyboard.press("Enter")
    expect(shows(page, MOVED)).to_be_focused()
    assert screen.presses == ["r", "f", "Enter"]
    assert screen.noted("lost") == []
    is_at(calm, booked, ref)


def test_r_a_cell_by_arrows_and_enter_twice(open_screen, calm, booked):
    screen = open_screen()
    page = open_page(screen, booked)
    page.keyboard.press("r")
    expect(page.locator(f"{HERE}:focus")).to_have_count(1)
    ref = walk_to_another(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shows(page, MOVED)).to_be_focused()
    actions = [key for key in screen.presses if key not in ARROWS]
    assert actions == ["r", "Enter", "Enter"]
    assert screen.noted("lost") == []
    is_at(calm, booked, ref)


def walk_to_another(page):
    """Arrows down the days from its place to the next one that can be chosen; its reference."""
    for step in ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"):
        for _ in range(40):
            where = page.evaluate("document.activeElement.outerHTML")
            page.keyboard.press(step)
            ref = page.evaluate("document.activeElement.value || ''")
            if ref:
                return ref
            if page.evaluate("document.activeElement.outerHTML") == where:
                break
    raise AssertionError("no free time beside it")


def test_esc_keeps_it(open_screen, calm, booked):
    page = open_grid(open_screen(), booked)
    page.locator(FREE).first.click()
    expect(page.get_by_role("button", name="Move here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(re.escape(booked.address)))
    is_at(calm, booked, booked.place.ref)
    assert methods(calm) == []


def test_the_mode_outlives_weeks_views_people_and_polls(open_screen, calm, booked):
    screen = open_screen()
    page = open_grid(screen, booked)
    bar = page.locator("[data-moving]")
    for press in ("PageDown", "d", "w", "a", "b"):
        with page.expect_response(re.compile("/availability/")):
            page.keyboard.press(press)
        expect(bar).to_contain_text(booked.lead.name)
        expect(page).to_have_url(re.compile(booked.pk))
        expect(page.locator(".slot-grid[data-ready]")).to_be_visible()
    expect(page.locator(HERE)).to_have_text("now here")
    # What the grid shows is another one now, and its marks are still there.
    take_a_seat(page, calm, booked)
    with page.expect_response(lambda reply: "/changes/" in reply.url and reply.status == 200):
        page.keyboard.press("r")
    expect(page.locator(HERE)).to_have_text("now here")
    page.select_option("#filter-resource", value="")
    expect(page).to_have_url(re.compile(f"resource=&.*{booked.pk}"))
    expect(bar).to_contain_text(booked.lead.name)


def take_a_seat(page, desk, booked):
    """Somebody at the console books the last free time of the shown week."""
    slot, length = booked.place.slot, _length(booked.place.slot)
    ref = page.locator(FREE).last.get_attribute("value")
    starts_at = datetime.strptime(ref.split("-")[0], STAMP).replace(tzinfo=UTC)
    kind = "SELECT connect_id FROM domain_appointmenttype WHERE id = %s"
    calendar = "SELECT connect_id FROM domain_calendar WHERE id = %s"
    desk.sandbox.book(
        calendarId=desk.sql(calendar, booked.place.calendar)[0]["connect_id"],
        appointmentTypeId=desk.sql(kind, booked.place.kind)[0]["connect_id"],
        resourceId=slot["resourceId"],
        startDateTime=starts_at.isoformat(),
        endDateTime=(starts_at + length).isoformat(),
    )


def _length(slot):
    start, end = (datetime.fromisoformat(slot[f"{which}DateTime"]) for which in ("start", "end"))
    return end - start


def test_what_only_it_keeps_closed_can_be_chosen(open_screen, calm):
    """Its own time and the next overlap on one seat: deleted first, then booked."""
    place, ref = overlapping(calm)
    booked = book(calm, place)
    page = open_grid(open_screen(), booked)
    opening = page.locator(f'.slot-grid td[data-state="freed"] [value="{ref}"]')
    expect(opening).to_have_accessible_name(re.compile("free once this booking moves"))
    opening.click()
    expect(page.locator("#panel")).to_contain_text("Free once this booking moves")
    # The text is there before the focus is: until then Enter belongs to the cell.
    expect(page.get_by_role("button", name="Move here")).to_be_focused()
    page.keyboard.press("Enter")
    shows(page, MOVED)
    is_at(calm, booked, ref)
    assert methods(calm) == ["DELETE", "POST"]


def overlapping(desk):
    """A place whose next one is free too and overlaps it; the reference of that next one."""
    before = {}
    for place in offered(desk):
        if not one_seat(place.capacity, place.booked) or any(map(place.is_near, desk.places.given)):
            continue
        whose = (place.calendar, place.kind, place.resource)
        last = before.get(whose)
        if (
            last
            and last.slot["startDateTime"] < place.slot["startDateTime"] < last.slot["endDateTime"]
        ):
            desk.places.given.append(last)
            return last, place.ref
        before[whose] = place
    raise AssertionError("no free times that overlap")


def test_two_tabs_one_move(open_screen, calm, booked):
    screen = open_screen()
    screen.allowed.append(REFUSED)
    page = open_grid(screen, booked)
    other = screen.tab(f"{booked.address}move/")
    refs = []
    for tab, cell in ((page, page.locator(FREE).first), (other, other.locator(FREE).last)):
        refs.append(cell.get_attribute("value"))
        cell.click()
        expect(tab.get_by_role("button", name="Move here")).to_be_focused()
    assert refs[0] != refs[1]
    calm.sandbox.fault("latency", times=1, match={"method": "POST"}, ms=3000)
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_be_visible()
    other.keyboard.press("Enter")
    stopped = other.locator("#panel [role=alert]")
    expect(stopped).to_contain_text("is already moving this booking to")
    expect(stopped).to_be_focused()
    shows(page, MOVED)
    is_at(calm, booked, refs[0])
    assert methods(calm) == ["POST", "DELETE"]


def test_without_a_script(open_screen, calm, booked):
    screen = open_screen(java_script_enabled=False)
    page = screen.sign_in(to=booked.address)
    page.get_by_role("link", name="Move").click()
    expect(page.locator("[data-moving]")).to_contain_text(booked.lead.name)
    cell = page.locator(FREE).last
    ref = cell.get_attribute("value")
    cell.click()
    page.get_by_role("button", name="Move here").click()
    expect(page).to_have_url(re.compile(r"/bookings/[0-9a-f-]{36}/"))
    expect(page.locator("#booking-status h2")).to_have_text(MOVED)
    is_at(calm, booked, ref)
