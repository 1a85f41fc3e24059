"""The undo bar in a real browser: it counts down, stops for whoever looks, and ends by itself."""

import contextlib
import re
import time
import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp.domain import cancelling, undo
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.states import Kind, State
from tests.support.waiting import wait_for
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS = re.compile(r"(\d+) s")


@pytest.fixture
def open_page(open_as, world, person):
    def make(**options):
        page = open_as(person("staff"), **options)
        page.expected = "status of 4|net::ERR_INTERNET_DISCONNECTED|^htmx:(sendError|afterRequest)"
        return page

    return make


@pytest.fixture
def page(open_page):
    return open_page()


def held(world, booking, seconds):
    asked = cancelling.AskedCancel(uuid.uuid4(), booking.pk, "lead_ill")
    place = (world.organisation, world.staff)
    return cancelling.ask(*place, asked, now=timezone.now(), hold_seconds=seconds)[0]


def at(page, world, booking):
    page.goto(page.home + world.address("booking-detail", booking.pk))


def seconds(page):
    return int(SECONDS.search(page.locator("[data-left]").inner_text())[1])


def due_in(write):
    return (Write.objects.get(pk=write.pk).due_at - timezone.now()).total_seconds()


def is_paused(write):
    return undo.is_paused(Write.objects.get(pk=write.pk))


@contextlib.contextmanager
def offline(page):
    """Tables in memory that a page asks for cannot be written at the same moment."""
    page.context.set_offline(True)
    page.wait_for_timeout(100)
    yield
    page.context.set_offline(False)


def later(page, milliseconds):
    """So much later by the clock of the page."""
    page.evaluate(
        "ms => { const now = Date.now.bind(Date); Date.now = () => now() + ms; }", milliseconds
    )


def cancel():
    return Write.objects.get(kind=Kind.CANCEL)


def test_two_keys_cancel_and_one_puts_back(page, world):
    booking = world.booked()
    at(page, world, booking)
    page.keyboard.press("c")
    expect(page.locator('[name="reason"][value="lead_asked"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status h2")).to_have_text("About to be cancelled")
    expect(page.locator(".undo__row")).to_contain_text("Anna Muster")
    expect(page.locator("#booking-status")).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Undone. Nothing was sent.")
    expect(page.locator(".undo__row")).to_have_count(0)
    expect(page.locator("#booking-status h2")).to_have_text("Booked")
    expect(page.locator("#booking-status")).to_be_focused()
    assert cancel().state == State.UNDONE
    assert not [one for one in world.connect.sent if "method" in one]


def test_arrows_choose_another_reason(page, world):
    at(page, world, world.booked())
    page.keyboard.press("c")
    expect(page.locator('[name="reason"][value="lead_asked"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".undo__row")).to_be_visible()
    assert cancel().payload["reason"] == "lead_ill"


def test_the_countdown_stops_under_the_pointer_and_goes_on_after_it(page, world):
    booking = world.booked()
    write = held(world, booking, 30)
    at(page, world, booking)
    row = page.locator(".undo__row")
    row.hover()
    left = page.locator("[data-left]")
    # Said only once the server has answered.
    expect(left).to_contain_text("stopped")
    shown = seconds(page)
    assert is_paused(write)
    # More than its window: only somebody who looks gets that.
    assert due_in(write) > 30
    began = time.monotonic()
    page.mouse.move(700, 60)
    expect(left).not_to_contain_text("stopped")
    assert not is_paused(write)
    assert due_in(write) <= shown
    assert due_in(write) >= shown - 1 - (time.monotonic() - began)
    wait_for(lambda: seconds(page) <= shown - 2, what="the count to go on")


def test_the_countdown_stops_for_the_focus_too(page, world):
    booking = world.booked()
    write = held(world, booking, 30)
    at(page, world, booking)
    page.locator(".undo__button").focus()
    expect(page.locator("[data-left]")).to_contain_text("stopped")
    assert is_paused(write)
    # Not forward: it is the last of the page, and beyond is the browser.
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-left]")).not_to_contain_text("stopped")
    assert not is_paused(write)


def test_it_ends_by_itself_with_what_happened(page, world):
    booking = world.booked()
    write = held(world, booking, 30)
    at(page, world, booking)
    expect(page.locator("[data-left]")).to_be_visible()
    with offline(page):
        Write.objects.filter(pk=write.pk).update(due_at=timezone.now() + timedelta(seconds=1))
    page.reload()
    expect(page.locator("[data-left]")).to_have_text("0 s")
    expect(page.locator("#held")).not_to_contain_text("Cancelled")
    with offline(page):
        assert world.run(write).state == State.DONE
    expect(page.locator(".undo__row[data-ended]")).to_contain_text("Cancelled")
    expect(page.locator("#tombstone-title")).to_have_text("Cancelled")
    later(page, 8_000)
    expect(page.locator(".undo__row")).to_have_count(0)


def test_it_is_there_on_the_next_page_and_announced_once(page, world):
    booking = world.booked()
    at(page, world, booking)
    held(world, booking, 30)
    page.goto(page.home + world.url())
    said = page.locator("#live-polite")
    expect(said).to_contain_text(re.compile(r"Can be undone for \d+ seconds with the key Z\."))
    page.goto(page.home + world.address("booking-list"))
    expect(page.locator("[data-left]")).to_be_visible()
    expect(said).to_have_text("")
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Undone. Nothing was sent.")


def test_whoever_wants_no_motion_sees_the_number_only(open_page, world):
    page = open_page(reduced_motion="reduce")
    booking = world.booked()
    held(world, booking, 30)
    at(page, world, booking)
    expect(page.locator("[data-left]")).to_contain_text(" s")
    expect(page.locator(".undo__line")).to_be_hidden()


def test_a_state_by_keyboard_is_pending_and_put_back(page, world):
    Lead.objects.update(state_connect_id="fresh")
    at(page, world, world.booked())
    page.keyboard.press("m")
    expect(page.locator("#lead-state-choice")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".undo__row")).to_contain_text("Fresh → Warm")
    expect(page.locator("#lead-state")).to_contain_text("Lead state about to change")
    page.keyboard.press("z")
    expect(page.locator("#lead-state")).not_to_contain_text("about to change")
    assert Write.objects.get(kind=Kind.MOVE_LEAD).state == State.UNDONE


def test_book_it_again_is_one_key(page, world):
    booking = world.booked()
    world.cancel(booking)
    at(page, world, booking)
    expect(page.locator("#act-again")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#booking-status h2")).to_have_text("Asked for")
    assert Write.objects.filter(kind=Kind.BOOK).count() == 2


def test_without_a_script_everything_is_a_form(open_page, world):
    page = open_page(java_script_enabled=False)
    at(page, world, world.booked())
    page.get_by_role("link", name="Cancel it").click()
    page.get_by_role("radio", name="The lead did not come").check()
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(page.locator("#booking-status h2")).to_have_text("About to be cancelled")
    assert cancel().payload["reason"] == "no_show"
    page.locator("#held").get_by_role("button", name="Undo").click()
    expect(page.locator("main .notice")).to_contain_text("Undone. Nothing was sent.")
    assert cancel().state == State.UNDONE


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_with_everything_open(open_page, world, width, scheme):
    from tests.web.test_shell_look import violations

    screen = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = open_page(**screen, reduced_motion="reduce")
    booking = world.booked()
    other = world.booked(11)
    held(world, other, 60)
    at(page, world, booking)
    page.keyboard.press("c")
    expect(page.locator("#cancel-form")).to_be_visible()
    assert violations(page) == []
    at(page, world, other)
    assert violations(page) == []
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(f"() => {wide}")


def test_a_state_that_was_set_is_shown_as_set(page, world):
    Lead.objects.update(state_connect_id="fresh")
    at(page, world, world.booked())
    page.locator("#lead-state-choice").select_option(label="Warm")
    page.locator("#lead-state button").click()
    expect(page.locator("#lead-state")).to_contain_text("Lead state about to change")
    write = Write.objects.get(kind=Kind.MOVE_LEAD)
    with offline(page):
        Write.objects.filter(pk=write.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        assert world.run(write).state == State.DONE
    page.mouse.move(700, 60)
    later(page, 60_000)
    expect(page.locator("#lead-state")).not_to_contain_text("about to change")


def test_whoever_follows_asks_less_and_less(page, world):
    booking = world.booked()
    held(world, booking, 1)
    at(page, world, booking)
    expect(page.locator("[data-left]")).to_have_text("0 s")
    page.evaluate("performance.clearResourceTimings()")
    wait_for(lambda: longest_gap(asked(page, "follow=")) > 2500, what="a long pause")
    assert len(asked(page, "follow=")) <= 9
    # The page around it is not put off by that.
    wait_for(lambda: asked(page, "/status/"), what="a look at the status")


def asked(page, part):
    """When each request with ``part`` in its address left, in milliseconds."""
    return page.evaluate(
        """part => performance.getEntriesByType("resource")
          .filter((one) => one.name.includes(part)).map((one) => one.startTime)""",
        part,
    )


def longest_gap(times):
    return max((after - before for before, after in pairwise(times)), default=0)
