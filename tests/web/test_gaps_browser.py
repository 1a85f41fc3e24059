"""The gap filler by keyboard: one digit books, arrows and Enter too, nothing is booked twice."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp.domain.models import Booking, Lead, WaitingMark, Write
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.settling import at_rest
from tests.web.test_gaps import row_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slot(world):
    return world.offer(9)


@pytest.fixture
def gone(world, slot):
    for name in ("First Choice", "Second Choice"):
        lead = world.known(name, "+49 40 777888")
        WaitingMark.objects.create(
            organisation=world.organisation,
            lead=lead,
            calendar=world.calendar,
            appointment_type=world.talk,
            from_day=slot.starts_at.date(),
            until_day=slot.starts_at.date() + timedelta(days=2),
            created_at=timezone.now() - timedelta(days=1),
        )
    gave_it_up = world.known("Gave It Up", "+49 40 1")
    return row_of(world, gave_it_up, slot, number=1, gone="cancelled")


@pytest.fixture
def page(open_as, world, person, gone):
    opened = open_as(person("staff"))
    opened.goto(opened.home + world.address("gap-filler", gone.pk))
    expect(opened.locator("[data-gap] button")).to_have_count(2)
    return opened


def booked(page, name):
    expect(page.locator("main")).to_contain_text(name)
    page.wait_for_url("**/bookings/*/")
    return Write.objects.get().lead.name == name


def test_one_digit_books(page):
    page.keyboard.press("2")
    assert booked(page, "Second Choice")


def test_arrows_choose_and_enter_books(page):
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Book First Choice")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Book Second Choice")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert booked(page, "First Choice")


def test_two_digits_in_a_hurry_give_the_slot_away_once(page):
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert booked(page, "First Choice")
    assert Write.objects.count() == 1


def test_digits_do_nothing_once_single_keys_are_switched_off(page):
    page.evaluate("document.documentElement.dataset.letters = 'off'")
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Book First Choice")).to_be_focused()
    assert not Write.objects.exists()


def test_without_a_script_the_buttons_book(browser, open_as, live_server, world, page, settings):
    cookies = page.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto(page.url)
    plain.get_by_role("button", name="Book Second Choice").click()
    assert booked(plain, "Second Choice")
    context.close()


def test_waiting_list_by_keyboard_on_the_page_of_a_booking(open_as, person, world, slot):
    """Opened, filled in, put on, taken off and put back; the focus is never lost."""
    write = world.ask(world.offer(11, days=3))
    world.run(write)
    page = open_as(person("staff"))
    page.goto(page.home + world.address("booking-detail", write.pk))
    summary = page.locator("#waiting-mark summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#waiting-note").focus()
    page.keyboard.type("mornings")
    page.keyboard.press("Enter")
    mark = page.locator("#waiting-mark")
    expect(mark).to_contain_text("Would take an earlier time")
    expect(mark).to_be_focused()
    page.get_by_role("button", name="Take off").press("Enter")
    expect(mark).to_contain_text("Taken off the list.")
    at_rest(page)
    page.get_by_role("button", name="Put back").press("Enter")
    expect(mark).to_contain_text("mornings")
    assert WaitingMark.objects.get().booking == Booking.objects.get()
    assert Lead.objects.filter(waiting_marks__ended_at=None).exists()
