"""The list in a real browser: by keys alone, while it refreshes, on a phone, on paper."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp.domain.models import Booking, Lead
from tests.support.opened import rows_with
from tests.web.booking_list_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Ada Adler", "Bea Busch", "Cem Celik"]


@pytest.fixture
def opened(open_as, world, person):
    page = open_as(person("staff"))

    def open_page(name="booking-list", query=""):
        page.goto(page.home + world.address(name) + query)
        return page

    return open_page


@pytest.fixture
def rows(world):
    # At noon, so that all of them are on one day in every zone of the test.
    start = (timezone.now() + timedelta(hours=30)).replace(hour=11, minute=0, second=0)
    leads = [world.known(name, f"+49 40 55500{at}") for at, name in enumerate(NAMES)]
    return [world.booking(start + timedelta(hours=at), lead=lead) for at, lead in enumerate(leads)]


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_through_the_rows_by_keys_and_into_one(opened, world, rows):
    page = opened()
    for key, name in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert focused(page) == NAMES[name]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/bookings/{rows[0].pk}/"))


@pytest.mark.parametrize(("key", "name"), [("r", "booking-move"), ("c", "booking-cancel")])
def test_a_letter_acts_on_the_row_with_the_focus(opened, world, rows, key, name):
    page = opened()
    page.keyboard.press(key)
    expect(page.locator("#bookings")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_request(lambda request: f"/{rows[1].pk}/" in request.url) as asked:
        page.keyboard.press(key)
    assert asked.value.url.endswith(world.address(name, rows[1].pk))


def test_letters_typed_into_the_search_are_letters(opened, rows):
    page = opened()
    page.keyboard.press("s")
    page.keyboard.type("jkbu", delay=30)
    expect(page.locator("#booking-q")).to_have_value("jkbu")
    expect(page.locator(".empty")).to_be_visible()
    page.locator("#booking-q").fill("")
    page.keyboard.type("bu", delay=120)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("#booking-q")).to_have_value("bu")
    expect(page.locator("#booking-q")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=bu$"))
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_the_focus_stays_on_its_row_when_the_list_changes(opened, rows):
    page = opened()
    page.keyboard.press("j")
    page.keyboard.press("j")
    rows_with(Lead.objects.all(), name=NAMES[0]).update(name="Zoe Zander")
    expect(page.locator("#bookings")).to_contain_text("Zoe Zander")
    expect(page.locator(f"#booking-{rows[1].pk}")).to_be_focused()
    page.keyboard.press("k")
    assert focused(page) == "Zoe Zander"


def test_the_help_names_the_keys_of_this_page(opened, rows):
    page = opened()
    page.keyboard.press("?")
    for words in ("Next row", "Row before", "Mine", "Day page"):
        expect(page.locator("#shortcuts")).to_contain_text(words)


@pytest.mark.parametrize("name", ["booking-list", "booking-day"])
def test_the_narrowest_phone_shows_all_without_scrolling_sideways(opened, world, rows, name):
    long = world.known("Wolfeschlegelsteinhausenbergerdorff" * 4, "+49 40 " + "1" * 60)
    Booking.objects.filter(pk=rows[0].pk).update(lead=long)
    day = rows[0].starts_at.date().isoformat()
    page = opened(name, f"?date={day}")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('[data-row] > *')]"
        ".every((one) => one.scrollWidth <= innerWidth)"
    )


def test_from_day_to_day_by_keys(opened, rows):
    page = opened("booking-day", "?date=2026-03-10")
    for key, day in (("n", "2026-03-11"), ("p", "2026-03-10")):
        page.keyboard.press(key)
        expect(page.locator("#day-date")).to_have_value(day)
    page.keyboard.press("t")
    expect(page.locator("#day-today")).to_have_attribute("aria-current", "date")


def test_on_paper_there_are_only_the_rows_of_the_day(opened, rows):
    day = rows[0].starts_at.date().isoformat()
    page = opened("booking-day", f"?date={day}")
    page.emulate_media(media="print")
    for hidden in (".header", "#day-date", ".bookings__actions a", ".back"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("td.day-table__tick").first).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    # What A4 leaves between its margins, at 96 pixels to the inch.
    page.set_viewport_size({"width": 703, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("thead").first.evaluate("one => getComputedStyle(one).display") == (
        "table-header-group"
    )
